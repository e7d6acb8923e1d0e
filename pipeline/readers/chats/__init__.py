"""Exports of chat apps become conversations: WhatsApp, Telegram, Discord, Messenger, SillyTavern.

In a private chat nobody is marked as the assistant, and one chat goes on for years. So the user
says who the assistant is to be (`--me NAME`), and silence ends a conversation. The way of a file,
each step in one file:

    whatsapp_lines  the text of WhatsApp becomes one row; its times are read by `whatsapp_times`
    whatsapp, telegram, discord, messenger, sillytavern
                    a row becomes chats: who said what, and when; `app_lines` knows what WhatsApp
                    writes itself
    sides           who of the speakers is the assistant
    silence         a chat is cut where nobody wrote for hours
    conversations   turns, from the first message of a user to the last reply
    names           whether `--me` names somebody, before anything is written

An export is one JSON object and is read as a whole: a Telegram export of 500 MB needs several times
that in memory. The files of a long Messenger chat (`message_1.json`, `message_2.json`) are read one
by one.

**Interface.** Each format has two functions:

    is_export(value: Any) -> bool                           by the first messages alone, cheap
    to_chats(value: dict[str, Any], before: int) -> list[Chat]

`before` is the number of messages in the file before this row.
"""

from pipeline.readers.chats.group import group_chats, is_chat_export

__all__ = ["group_chats", "is_chat_export"]
