"""Random conversations, and the shape that every provider and export gives to one."""

import json
from typing import Any

from hypothesis import strategies as st

Talk = list[dict[str, Any]]
"""Messages as OpenAI's API has them, with `reasoning_content`."""

WORDS = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "Zs"), exclude_characters="<[◁"),
    min_size=1,
    max_size=20,
).map(lambda text: f"Say {text.strip()} now, please.")


@st.composite
def talks(draw: st.DrawFn, tools: bool = False, system: bool = True, reasons: bool = True) -> Talk:
    talk: Talk = []
    if system and draw(st.booleans()):
        talk.append({"role": "system", "content": draw(WORDS)})
    for number in range(draw(st.integers(1, 3))):
        talk.append({"role": "user", "content": draw(WORDS)})
        if tools and draw(st.booleans()):
            call = {"name": f"tool{number}", "arguments": json.dumps({"id": draw(WORDS)})}
            id = f"call{number}"
            talk.append(
                {
                    "role": "assistant",
                    "content": None,
                    "tool_calls": [{"id": id, "type": "function", "function": call}],
                }
            )
            talk.append({"role": "tool", "tool_call_id": id, "content": draw(WORDS)})
        reply = {"role": "assistant", "content": draw(WORDS)}
        if reasons and draw(st.booleans()):
            reply["reasoning_content"] = draw(WORDS)
        talk.append(reply)
    return talk


def system_of(talk: Talk) -> tuple[str | None, Talk]:
    if talk[0]["role"] == "system":
        return talk[0]["content"], talk[1:]
    return None, talk


def call_of(message: dict[str, Any]) -> tuple[str, str, dict[str, Any]]:
    [call] = message["tool_calls"]
    return call["id"], call["function"]["name"], json.loads(call["function"]["arguments"])


def anthropic(talk: Talk) -> Any:
    system, rest = system_of(talk)
    messages = []
    for message in rest:
        parts: list[Any] = []
        if message["role"] == "tool":
            result = {"type": "tool_result", "tool_use_id": message["tool_call_id"]}
            parts.append({**result, "content": [{"type": "text", "text": message["content"]}]})
            messages.append({"role": "user", "content": parts})
            continue
        if "reasoning_content" in message:
            parts.append({"type": "thinking", "thinking": message["reasoning_content"]})
        if message.get("tool_calls"):
            id, name, arguments = call_of(message)
            parts.append({"type": "tool_use", "id": id, "name": name, "input": arguments})
        else:
            parts.append({"type": "text", "text": message["content"]})
        messages.append({"role": message["role"], "content": parts})
    row: dict[str, Any] = {"messages": messages}
    return row | ({"system": [{"type": "text", "text": system}]} if system else {})


def gemini(talk: Talk) -> Any:
    system, rest = system_of(talk)
    contents = []
    for message in rest:
        parts: list[Any] = []
        if message["role"] == "tool":
            response = {"name": "x", "response": {"result": message["content"]}}
            contents.append({"role": "user", "parts": [{"functionResponse": response}]})
            continue
        if "reasoning_content" in message:
            parts.append({"text": message["reasoning_content"], "thought": True})
        if message.get("tool_calls"):
            _, name, arguments = call_of(message)
            parts.append({"functionCall": {"name": name, "args": arguments}})
        else:
            parts.append({"text": message["content"]})
        role = "model" if message["role"] == "assistant" else "user"
        contents.append({"role": role, "parts": parts})
    row: dict[str, Any] = {"contents": contents}
    return row | ({"systemInstruction": {"parts": [{"text": system}]}} if system else {})


def bedrock(talk: Talk) -> Any:
    system, rest = system_of(talk)
    messages = []
    for message in rest:
        parts: list[Any] = []
        if message["role"] == "tool":
            content = [{"text": message["content"]}]
            result = {"toolUseId": message["tool_call_id"], "content": content}
            messages.append({"role": "user", "content": [{"toolResult": result}]})
            continue
        if "reasoning_content" in message:
            text = {"reasoningText": {"text": message["reasoning_content"]}}
            parts.append({"reasoningContent": text})
        if message.get("tool_calls"):
            id, name, arguments = call_of(message)
            parts.append({"toolUse": {"toolUseId": id, "name": name, "input": arguments}})
        else:
            parts.append({"text": message["content"]})
        messages.append({"role": message["role"], "content": parts})
    return {"messages": messages} | ({"system": [{"text": system}]} if system else {})


LANGCHAIN = {"system": "System", "user": "Human", "assistant": "AI", "tool": "Tool"}


def langchain_fields(message: dict[str, Any]) -> dict[str, Any]:
    fields = {"content": message["content"] or ""}
    if message.get("tool_calls"):
        id, name, arguments = call_of(message)
        fields["tool_calls"] = [{"id": id, "name": name, "args": arguments}]
    if "tool_call_id" in message:
        fields["tool_call_id"] = message["tool_call_id"]
    return fields


def langchain(talk: Talk) -> Any:
    return {
        "messages": [
            {"type": LANGCHAIN[message["role"]].lower(), **langchain_fields(message)}
            for message in talk
        ]
    }


def langchain_dumped(talk: Talk) -> Any:
    return {
        "messages": [
            {"type": LANGCHAIN[message["role"]].lower(), "data": langchain_fields(message)}
            for message in talk
        ]
    }


def langchain_constructors(talk: Talk) -> Any:
    return {
        "messages": [
            {
                "lc": 1,
                "type": "constructor",
                "id": ["langchain", "messages", f"{LANGCHAIN[message['role']]}Message"],
                "kwargs": langchain_fields(message),
            }
            for message in talk
        ]
    }


def openai_log(talk: Talk) -> Any:
    response = {"id": "c", "choices": [{"index": 0, "message": talk[-1]}]}
    return {"request": {"model": "m", "messages": talk[:-1]}, "response": response, "spend": 0.1}


def litellm_log(talk: Talk) -> Any:
    return {"messages": talk[:-1], "response": {"choices": [{"message": talk[-1]}]}, "id": "c"}


def log_as_text(talk: Talk) -> Any:
    return {"input": json.dumps({"messages": talk[:-1]}), "output": json.dumps(talk[-1])}


def responses_api(talk: Talk) -> Any:
    system, rest = system_of(talk)
    items: list[Any] = []
    for message in rest:
        if "reasoning_content" in message:
            summary = [{"type": "summary_text", "text": message["reasoning_content"]}]
            items.append({"type": "reasoning", "summary": summary})
        if message.get("tool_calls"):
            id, name, arguments = call_of(message)
            call = {"type": "function_call", "call_id": id, "name": name}
            items.append(call | {"arguments": json.dumps(arguments)})
        elif message["role"] == "tool":
            output = {"type": "function_call_output", "call_id": message["tool_call_id"]}
            items.append(output | {"output": message["content"]})
        else:
            kind = "output_text" if message["role"] == "assistant" else "input_text"
            content = [{"type": kind, "text": message["content"]}]
            items.append({"type": "message", "role": message["role"], "content": content})
    start = -2 if "reasoning_content" in rest[-1] else -1
    request: dict[str, Any] = {"input": items[:start]}
    request |= {"instructions": system} if system else {}
    return {"request": request, "response": {"id": "r", "output": items[start:]}}


def chatgpt(talk: Talk) -> Any:
    mapping: dict[str, Any] = {"root": {"id": "root", "message": None, "parent": None}}
    parent = "root"

    def add(own: str, role: str, content: dict[str, Any], parent: str) -> None:
        message = {"author": {"role": role}, "content": content, "recipient": "all"}
        mapping[own] = {"id": own, "message": {**message, "metadata": {}}, "parent": parent}

    for number, message in enumerate(talk):
        if "reasoning_content" in message:
            thoughts = [{"summary": "x", "content": message["reasoning_content"]}]
            content = {"content_type": "thoughts", "thoughts": thoughts}
            add(f"t{number}", "assistant", content, parent)
            parent = f"t{number}"
        text = {"content_type": "text", "parts": [message["content"]]}
        add(str(number), message["role"], text, parent)
        other = {"content_type": "text", "parts": ["Not shown."]}
        add(f"other{number}", message["role"], other, parent)
        parent = str(number)
    return {"title": "A chat", "mapping": mapping, "current_node": parent}


def claude(talk: Talk) -> Any:
    senders = {"user": "human", "assistant": "assistant"}
    return {
        "uuid": "k",
        "name": "A chat",
        "chat_messages": [
            {
                "uuid": "m",
                "text": "",
                "sender": senders[message["role"]],
                "content": [{"type": "text", "text": message["content"], "citations": []}],
                "attachments": [],
                "files": [],
            }
            for message in talk
        ],
    }


def open_webui(talk: Talk) -> Any:
    messages = {
        str(number): {
            "id": str(number),
            "parentId": str(number - 1) if number else None,
            "childrenIds": [],
            **message,
        }
        for number, message in enumerate(talk)
    }
    other = {"other": {"id": "other", "parentId": "0", "role": "assistant", "content": "No."}}
    history = {"messages": messages | other, "currentId": str(len(talk) - 1)}
    return {"id": "c", "title": "A chat", "chat": {"title": "A chat", "history": history}}


def lm_studio(talk: Talk) -> Any:
    return {
        "name": "A chat",
        "messages": [
            {
                "versions": [
                    {"role": "user", "content": [{"type": "text", "text": "Not shown."}]},
                    {
                        "role": message["role"],
                        "content": [{"type": "text", "text": message["content"]}],
                    },
                ],
                "currentlySelected": 1,
            }
            for message in talk
        ],
    }


def text_generation_webui(talk: Talk) -> Any:
    texts = [message["content"] for message in talk]
    pairs = [list(pair) for pair in zip(texts[::2], texts[1::2], strict=True)]
    return {"internal": pairs, "visible": pairs}


def ultrachat(talk: Talk) -> Any:
    return {"id": "0", "data": [message["content"] for message in talk]}


def ai_studio(talk: Talk) -> Any:
    system, rest = system_of(talk)
    chunks: list[Any] = []
    for message in rest:
        role = "model" if message["role"] == "assistant" else "user"
        if "reasoning_content" in message:
            thought = {"text": message["reasoning_content"], "role": "model", "isThought": True}
            chunks.append(thought)
        chunks.append({"text": message["content"], "role": role})
    row: dict[str, Any] = {"runSettings": {}, "chunkedPrompt": {"chunks": chunks}}
    return row | ({"systemInstruction": {"text": system}} if system else {})


def glaive(talk: Talk) -> Any:
    system, rest = system_of(talk)
    chat = ""
    for message in rest:
        if message.get("tool_calls"):
            _, name, arguments = call_of(message)
            call = f'{{"name": "{name}", "arguments": \'{json.dumps(arguments)}\'}}'
            chat += f"ASSISTANT: <functioncall> {call} <|endoftext|>\n\n\n"
        else:
            who = {"user": "USER", "assistant": "ASSISTANT", "tool": "FUNCTION RESPONSE"}
            end = " <|endoftext|>" if message["role"] == "assistant" else ""
            chat += f"{who[message['role']]}: {message['content']}{end}\n\n\n"
    return {"chat": chat} | ({"system": f"SYSTEM: {system}"} if system else {})


WITH_TOOLS = [
    anthropic, gemini, bedrock, langchain, langchain_dumped, langchain_constructors, openai_log,
    litellm_log, log_as_text, responses_api,
]  # fmt: skip
WITHOUT_THOUGHTS = {langchain, langchain_dumped, langchain_constructors, lm_studio, claude, glaive,
                    text_generation_webui, ultrachat}  # fmt: skip
WITHOUT_SYSTEM = {text_generation_webui, ultrachat, claude, lm_studio}
ONLY_TEXT = [chatgpt, claude, open_webui, lm_studio, text_generation_webui, ultrachat, ai_studio]

ALL_SHAPES = [*WITH_TOOLS, *ONLY_TEXT, glaive]
