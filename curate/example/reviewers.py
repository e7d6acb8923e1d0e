"""Simulated reviewers for the demo: they answer the real Argilla server as people's browsers do.

They decide by a hash and do not read, so their decisions say nothing about the data. Nothing but
the standard library is imported here.
"""

import hashlib
import json
import urllib.parse
import urllib.request
from typing import Any

PAGE = 1000
BULK = 100
"""Answers in one request, the most that Argilla takes."""

_CLOSING = {
    "en": "If anything is unclear, just write back.",
    "de": "Wenn etwas unklar ist, schreiben Sie uns einfach.",
    "es": "Si algo no queda claro, escríbanos sin problema.",
    "zh": "如果还有不清楚的地方，请随时告诉我们。",
}
"""What a simulated reviewer adds to a reply that it fixes."""


class SimulatedReviewer:
    """One account, signed in."""

    def __init__(self, url: str, username: str, password: str) -> None:
        self.name = username
        self._url = url
        form = urllib.parse.urlencode({"username": username, "password": password}).encode()
        self._token = ""
        self._token = self._send("POST", "/token", form)["access_token"]

    def answer(self, share: tuple[int, int], verdicts: dict[str, int]) -> int:
        """Answer part of what waits; return the number of answers.

        Args:
            share: (k, n): the k-th of n reviewers, who divide the records between them.
            verdicts: how many of 100 records are rejected and fixed; the others are kept.
        """
        answers = []
        for record in self._records():
            ticket = _ticket(record["external_id"])
            if ticket % share[1] == share[0]:
                answers.append(_answer(record, ticket // share[1] % 100, verdicts))
        for start in range(0, len(answers), BULK):
            self._submit(answers[start : start + BULK])
        return len(answers)

    def change_of_mind(self) -> str | None:
        """Submit one fix again as a keep; return that record's id, None when nothing was fixed."""
        for record in sorted(self._records("responses"), key=lambda r: str(r["external_id"])):
            for response in record.get("responses") or ():
                if response["values"]["verdict"]["value"] == "fix":
                    values = {"verdict": {"value": "keep"}, "reply": {"value": _reply(record)}}
                    answer = {"record_id": record["id"], "status": "submitted", "values": values}
                    self._submit([answer])
                    return str(record["external_id"])
        return None

    def _submit(self, answers: list[dict[str, Any]]) -> None:
        self._send("POST", "/me/responses/bulk", json.dumps({"items": answers}).encode())

    def _records(self, *include: str) -> list[dict[str, Any]]:
        records: list[dict[str, Any]] = []
        parts = "&include=".join(("suggestions", *include))
        for dataset in self._send("GET", "/me/datasets")["items"]:
            path = f"/me/datasets/{dataset['id']}/records/search?limit={PAGE}&include={parts}"
            records += [item["record"] for item in self._send("POST", path, b"{}")["items"]]
        return records

    def _send(self, method: str, path: str, body: bytes | None = None) -> Any:
        form = path == "/token"
        kind = "application/x-www-form-urlencoded" if form else "application/json"
        headers = {"Content-Type": kind, "Authorization": f"Bearer {self._token}"}
        address = f"{self._url}/api/v1{path}"
        request = urllib.request.Request(address, body, headers, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=60) as response:
            return json.load(response)


def _answer(record: dict[str, Any], ticket: int, verdicts: dict[str, int]) -> dict[str, Any]:
    reply = _reply(record)
    verdict, wrong = "keep", []
    if ticket < verdicts["reject"]:
        verdict, wrong = "reject", ["question"]
    elif ticket < verdicts["reject"] + verdicts["fix"]:
        language = record["metadata"].get("language")
        verdict, wrong = "fix", ["style"]
        reply = f"{reply} {_CLOSING.get(language, _CLOSING['en'])}"
    values = {
        "verdict": {"value": verdict},
        "reply": {"value": reply},
        **({"wrong": {"value": wrong}} if wrong else {}),
    }
    return {"record_id": record["id"], "status": "submitted", "values": values}


def _reply(record: dict[str, Any]) -> str:
    """The reply that the form was filled with."""
    return "".join(str(suggestion["value"]) for suggestion in record.get("suggestions") or ())


def _ticket(id: str) -> int:
    return int(hashlib.sha256(f"0:{id}".encode()).hexdigest()[:12], 16)
