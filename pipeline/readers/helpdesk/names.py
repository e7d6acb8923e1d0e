"""What help desks call their columns and what they write into them: tables, and nothing else.

Names and words are in lower case and have nothing but letters and digits (`flat.plain_name`), so
that `Ticket ID`, `ticket_id` and `ticket.id` are one. Of several names the first that fits counts.
"""

COLUMN_NAMES: dict[str, tuple[str, ...]] = {
    "conversation": (
        "conversationid", "ticketid", "threadts", "threadid", "chatid", "caseid", "casenumber",
        "ticketnumber", "sessionid", "issueid", "dialogueid", "dialogid", "conversation", "ticket",
        "thread", "conversationsthreadid",
    ),
    "text": (
        "plainbody", "bodytext", "textbody", "bodyplain", "text", "body", "message", "messagetext",
        "messagebody", "content", "comment", "commentbody", "htmlbody", "bodyhtml", "extract",
    ),
    "time": (
        "createdat", "timestamp", "ts", "sentat", "datetime", "messagedate", "messagetime",
        "createdtime", "createdon", "created", "date", "time", "sentdatetime", "createddatetime",
    ),
    "author": (
        "authorid", "senderid", "userid", "fromhandle", "authoremail", "senderemail", "fromemail",
        "user", "author", "sender", "from", "authorname", "sendername", "username", "agentname",
        "speaker", "writer", "by", "createdbyid",
    ),
    "comment": ("commentid", "messageid", "partid", "clientmsgid", "eventid", "id"),
    "subject": ("subject", "ticketsubject", "rawsubject", "title", "summary", "topic"),
    "name": (
        "authorname", "sendername", "fromname", "userprofilerealname", "username", "agentname",
        "author", "sender", "from",
    ),
    "side": (
        "authortype", "sendertype", "authorrole", "senderrole", "userrole", "usertype", "direction",
        "messagedirection", "incoming", "isincoming", "inbound", "isinbound", "iscustomer",
        "fromcustomer", "isagent", "fromagent", "outbound", "isoutbound", "outgoing", "role",
        "speaker",
    ),
    "requester": (
        "requesterid", "customerid", "contactid", "enduserid", "requesteremail", "customeremail",
        "requestername", "customername", "requester", "primarycustomerid",
    ),
    "hidden": ("private", "isprivate", "internal", "isinternal", "isnote", "visibility"),
    "shown": ("public", "ispublic"),
    "kind": ("parttype", "subtype", "messagetype", "eventtype", "commenttype", "type"),
    "bot": ("botid",),
    "language": ("language", "lang", "locale"),
    "domain": ("domain",),
}  # fmt: skip
"""What a column is for, and its names at Zendesk, Intercom, Freshdesk, Front, Slack and others."""

LONE_MESSAGE_COLUMN = {"threadts": "ts"}
"""Slack: a message outside of threads is a conversation by itself, under its own time stamp."""

CUSTOMER_YES_COLUMNS = frozenset(
    ("incoming", "isincoming", "inbound", "isinbound", "iscustomer", "fromcustomer")
)
"""Columns that say yes when the customer wrote."""

DESK_YES_COLUMNS = frozenset(("isagent", "fromagent", "outbound", "isoutbound", "outgoing"))
"""Columns that say yes when the desk wrote."""

CUSTOMER_WORDS = frozenset(
    (
        "customer", "client", "user", "enduser", "requester", "contact", "lead", "visitor", "guest",
        "buyer", "consumer", "human", "inbound", "incoming", "in", "received",
    )
)  # fmt: skip

OPENAI_WORDS = frozenset(("system", "developer", "user", "assistant", "tool", "function"))
"""Roles of a table whose rows are messages as OpenAI's API has them; `system` is no bot there."""

DESK_WORDS = frozenset(
    (
        "agent", "admin", "staff", "support", "operator", "representative", "rep", "employee",
        "teammate", "assistant", "outbound", "outgoing", "out", "sent",
    )
)  # fmt: skip

BOT_WORDS = frozenset(
    ("bot", "system", "automation", "workflow", "trigger", "automated", "botmessage")
)

NOTE_WORDS = frozenset(
    ("note", "internalnote", "privatenote", "internal", "private", "noteandreopen")
)

EVENT_KINDS = frozenset(
    (
        "assignment", "assignandunsnooze", "awaymodeassignment", "close", "closed", "open",
        "snoozed", "unsnoozed", "conversationratingchanged", "conversationattributeupdatedbyadmin",
        "channeljoin", "channelleave", "channeltopic", "channelpurpose", "channelname",
        "channelarchive", "botadd", "pinneditem", "reminderadd", "tombstone", "event",
        "notification", "change", "systemmessage",
    )
)  # fmt: skip
"""Kinds of rows that say what happened, and nothing that anybody wrote."""

YES_WORDS = frozenset(("true", "yes", "1", "y", "t"))

TICKET_PARTS = ("comments", "conversationparts", "conversations")
"""Where a ticket that holds its messages has them: Zendesk, Intercom, Freshdesk."""

CHAT_PARTS = ("messages", "threads", "embeddedthreads")
"""Where Front, Gorgias, HubSpot and Help Scout have them. Chats of other kinds have the same names,
so these count only where a message tells the side of a desk."""

CHAT_SIGNS = CUSTOMER_YES_COLUMNS | DESK_YES_COLUMNS | {"direction", "createdbytype"}
"""Columns that such a message has."""

SAME_TEXT_COLUMNS = frozenset(
    (
        "plainbody", "bodytext", "textbody", "bodyplain", "body", "text", "htmlbody", "bodyhtml",
        "strippedtext", "strippedhtml", "strippedbody", "richtext", "extract", "blurb", "preview",
        "description", "descriptiontext", "blocks",
    )
)  # fmt: skip
"""Columns that repeat the text of a message: with its marks, or shortened."""

OPENING_COLUMNS = ("descriptiontext", "description", "sourcebody")
"""Where such a ticket has its first message, if not among the parts: Freshdesk, Intercom."""

READ_COLUMNS = SAME_TEXT_COLUMNS.union(
    *(names for field, names in COLUMN_NAMES.items() if field not in ("text", "domain"))
)
"""Columns that are read, whatever they hold, or that repeat what is."""
