"""What help desks call their columns and what they write into them: tables, and nothing else.

Names and words stand in lower case without anything but letters and digits, so that `Ticket ID`,
`ticket_id` and `ticket.id` are one. Earlier names go first.
"""

COLUMNS: dict[str, tuple[str, ...]] = {
    "conversation": (
        "conversationid", "ticketid", "threadts", "threadid", "chatid", "caseid", "casenumber",
        "ticketnumber", "sessionid", "issueid", "dialogueid", "dialogid", "conversation", "ticket",
        "thread",
    ),
    "text": (
        "plainbody", "bodytext", "textbody", "bodyplain", "text", "body", "message", "messagetext",
        "messagebody", "content", "comment", "commentbody", "htmlbody", "bodyhtml", "extract",
    ),
    "time": (
        "createdat", "timestamp", "ts", "sentat", "datetime", "messagedate", "messagetime",
        "createdtime", "createdon", "created", "date", "time",
    ),
    "author": (
        "authorid", "senderid", "userid", "fromhandle", "authoremail", "senderemail", "fromemail",
        "user", "author", "sender", "from", "authorname", "sendername", "username", "agentname",
    ),
    "name": (
        "authorname", "sendername", "fromname", "userprofilerealname", "username", "agentname",
        "author", "sender", "from",
    ),
    "side": (
        "authortype", "sendertype", "authorrole", "senderrole", "userrole", "usertype", "direction",
        "messagedirection", "incoming", "isincoming", "inbound", "isinbound", "iscustomer",
        "fromcustomer", "isagent", "outbound", "isoutbound", "outgoing", "role", "speaker",
    ),
    "requester": (
        "requesterid", "customerid", "contactid", "enduserid", "requesteremail", "customeremail",
        "requestername", "customername", "requester",
    ),
    "hidden": ("private", "isprivate", "internal", "isinternal", "isnote", "visibility"),
    "shown": ("public", "ispublic"),
    "kind": ("parttype", "subtype", "messagetype", "eventtype", "commenttype", "type"),
    "bot": ("botid",),
    "language": ("language", "lang", "locale"),
    "domain": ("domain",),
}  # fmt: skip
"""What a column is for, and its names at Zendesk, Intercom, Freshdesk, Front, Slack and others."""

BY_ITSELF = {"threadts": "ts"}
"""A message that is in no conversation (Slack: outside of threads) is one by its own column."""

FROM_CUSTOMER = frozenset(
    ("incoming", "isincoming", "inbound", "isinbound", "iscustomer", "fromcustomer")
)
"""Columns that say yes when the customer wrote."""

FROM_DESK = frozenset(("isagent", "outbound", "isoutbound", "outgoing"))
"""Columns that say yes when the desk wrote."""

CUSTOMER = frozenset(
    (
        "customer", "client", "user", "enduser", "requester", "contact", "lead", "visitor", "guest",
        "buyer", "consumer", "human", "inbound", "incoming", "in", "received",
    )
)  # fmt: skip

DESK = frozenset(
    (
        "agent", "admin", "staff", "support", "operator", "representative", "rep", "employee",
        "teammate", "assistant", "outbound", "outgoing", "out", "sent",
    )
)  # fmt: skip

BOT = frozenset(("bot", "system", "automation", "workflow", "trigger", "automated", "botmessage"))

NOTE = frozenset(("note", "internalnote", "privatenote", "internal", "private", "noteandreopen"))

NOTICE = frozenset(
    (
        "assignment", "assignandunsnooze", "awaymodeassignment", "close", "closed", "open",
        "snoozed", "unsnoozed", "conversationratingchanged", "conversationattributeupdatedbyadmin",
        "channeljoin", "channelleave", "channeltopic", "channelpurpose", "channelname",
        "channelarchive", "botadd", "pinneditem", "reminderadd", "tombstone", "event",
        "notification", "change", "systemmessage",
    )
)  # fmt: skip
"""Kinds of rows that say what happened, and nothing that anybody wrote."""

YES = frozenset(("true", "yes", "1", "y", "t"))

PARTS = ("comments", "conversationparts", "conversations")
"""Where a ticket that holds its messages has them: Zendesk, Intercom, Freshdesk."""

OPENING = ("descriptiontext", "description", "sourcebody")
"""Where such a ticket has its first message, if not among the parts: Freshdesk, Intercom."""
