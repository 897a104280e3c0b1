"""A board of Trello: what becomes of lists, cards, labels, checklists, comments and members."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from app.domain.carried import Board, Someone, Task
from app.formats.opening import opened
from app.formats.source import Source

BOARD: dict[str, Any] = {
    "id": "65f1a0000000000000000001",
    "name": "Summer fair",
    "desc": "Everything for the fair",
    "closed": False,
    "labelNames": {"green": ""},
    "actions": [
        {
            "type": "commentCard",
            "date": "2027-02-02T10:00:00.000Z",
            "data": {"text": "Second", "card": {"id": "65f1a0000000000000000c01"}},
            "memberCreator": {"fullName": "Ben Blue"},
        },
        {
            "type": "commentCard",
            "date": "2027-02-01T10:00:00.000Z",
            "data": {"text": "First **bold**", "card": {"id": "65f1a0000000000000000c01"}},
            "memberCreator": {"username": "anared"},
        },
        {"type": "updateCard", "data": {"card": {"id": "65f1a0000000000000000c01"}}},
        {
            "type": "createCard",
            "data": {"card": {"id": "65f1a0000000000000000c01"}},
            "memberCreator": {"fullName": "Ana Red"},
        },
    ],
    "cards": [
        {
            "id": "65f1a0000000000000000c02",
            "name": "Second card",
            "idList": "doing",
            "pos": 200,
            "due": "2027-03-31T22:30:00.000Z",
            "dueComplete": True,
            "dateLastActivity": "2027-04-01T08:00:00.000Z",
        },
        {
            "id": "65f1a0000000000000000c01",
            "name": "First card",
            "desc": "As it *was*",
            "idList": "doing",
            "pos": 100,
            "idMembers": ["m1", "m2", "gone"],
            "idLabels": ["l1", "l2"],
            "customFieldItems": [
                {"idCustomField": "f1", "value": {"number": "3"}},
                {"idCustomField": "f2", "idValue": "o1", "value": None},
            ],
            "attachments": [
                {"name": "plan [v2].pdf", "url": "https://trello.example/1/plan.pdf"},
                {"name": "evil", "url": "javascript:alert(1)"},
            ],
        },
        {"id": "65f1a0000000000000000c03", "name": "Archived", "idList": "doing", "closed": True},
        {"id": "65f1a0000000000000000c04", "name": "In an archived list", "idList": "old"},
    ],
    "labels": [{"id": "l1", "name": "Urgent", "color": "red"}, {"id": "l2", "name": "", "color": "green"}],
    "lists": [
        {"id": "doing", "name": "Doing", "pos": 2},
        {"id": "old", "name": "Old", "pos": 1, "closed": True},
        {"id": "todo", "name": "To do", "pos": 1},
    ],
    "members": [{"id": "m1", "fullName": "Ana Red", "username": "anared"}, {"id": "m2", "username": "benblue"}],
    "checklists": [
        {
            "idCard": "65f1a0000000000000000c01",
            "name": "Pack",
            "pos": 1,
            "checkItems": [
                {"name": "Tents", "state": "incomplete", "pos": 2},
                {"name": "Cups", "state": "complete", "pos": 1},
            ],
        }
    ],
    "customFields": [
        {"id": "f1", "name": "Effort"},
        {"id": "f2", "name": "Size", "options": [{"id": "o1", "value": {"text": "Large"}}]},
    ],
}


def read(folder: Path, board: Any) -> Source:
    path = folder / "trello.json"
    path.write_text(json.dumps(board))
    return opened(path, "whatever.txt")


def test_lists_and_cards_come_in_their_order_and_nothing_of_a_card_is_lost(tmp_path: Path):
    found = read(tmp_path, BOARD)
    assert found.boards == [Board("Summer fair", ("To do", "Doing"))]
    assert found.people == {1: Someone("Ana Red"), 2: Someone("benblue")}
    second, first = found.rows()
    assert isinstance(first, Task) and isinstance(second, Task)
    assert (first.place, first.lane, first.order, first.title) == ("Card 2", 1, 0, "First card")
    assert (second.place, second.lane, second.order, second.due_on) == ("Card 1", 1, 1, date(2027, 3, 31))
    assert second.completed_at == datetime(2027, 4, 1, 8, tzinfo=UTC)
    assert (first.author, first.assignees, first.completed_at) == ("Ana Red", (1, 2), None)
    assert first.created_at == datetime.fromtimestamp(0x65F1A000, UTC)
    assert [(said.author, said.body, said.at and said.at.day) for said in first.comments] == [
        ("anared", "First **bold**", 1),
        ("Ben Blue", "Second", 2),
    ]
    assert first.description == "As it *was*"
    assert first.notes == (
        "Labels: Urgent, green",
        "Effort: 3",
        "Size: Large",
        "Pack:\n- [x] Cups\n- [ ] Tents",
        "Attachments:\n- plan [v2].pdf: https://trello.example/1/plan.pdf\n- evil",
    )


def test_what_stays_behind_is_said(tmp_path: Path):
    assert read(tmp_path, BOARD).remarks == [
        "The board's description does not come along: boards have none here.",
        "1 archived list will stay behind, with the cards in them.",
        "1 archived card will stay behind; what is brought back in Trello comes along.",
    ]
    long = BOARD | {"actions": [BOARD["actions"][2]] * 1000, "desc": ""}
    assert "older comments are not in this file" in read(tmp_path, long).remarks[0]


def test_what_is_not_as_it_should_be_is_passed_over_or_comes_as_nothing(tmp_path: Path):
    strange = [None, 7, "x", [], {}, True, "\x00", -1e308, {"x": [{}]}]
    for value in strange:
        cards = [dict.fromkeys(BOARD["cards"][1], value) | {"id": "c", "idList": "doing", "closed": False}, value]
        board = BOARD | {
            "name": value,
            "desc": value,
            "cards": cards,
            "actions": [dict.fromkeys(BOARD["actions"][0], value)],
        }
        board["checklists"] = [dict.fromkeys(BOARD["checklists"][0], value) | {"idCard": "c"}]
        found = read(tmp_path, board)
        assert all(isinstance(row, Task) for row in found.rows())
