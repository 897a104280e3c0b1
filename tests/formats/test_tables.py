"""Tables of tasks: written so that no spreadsheet takes a text for a formula, and read whoever has written them."""

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from app.domain.carried import Board, Someone, Task
from app.domain.errors import Invalid
from app.formats import source, table
from app.formats.opening import opened
from app.formats.sheet import GUESSED, Reading, Sheet
from tests.support.loads import a_load, a_task

THEN = datetime(2027, 3, 31, 12, tzinfo=UTC)


def sheet(folder: Path, content: str | bytes, name: str = "Summer_fair.csv", how: Reading = GUESSED) -> Sheet:
    path = folder / "file"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    found = opened(path, name, how)
    assert isinstance(found, Sheet)
    return found


def tasks(found: source.Source) -> list[Task]:
    rows = list(found.rows())
    assert all(isinstance(row, Task) for row in rows), rows
    return [row for row in rows if isinstance(row, Task)]


async def written(*rows: Task, **more) -> str:
    return "".join([part async for part in table.lines(a_load(*rows, **more))])


async def test_what_our_own_table_says_of_tasks_comes_back(tmp_path: Path):
    rows = [
        a_task('=HYPERLINK("http://evil.example")', description="'-1\n+2", priority=3, due_on=date(2027, 3, 31)),
        a_task("Second", lane=1, completed_at=THEN, author="Ben", created_at=THEN, assignees=(1, 2)),
        a_task("'quoted'", order=1),
    ]
    text = await written(*rows, people={1: Someone("Ana"), 2: Someone("Ben")})
    assert text.startswith("\ufeffboard,lane,title") and "Beta,Now,\"'=HYPERLINK" in text
    found = sheet(tmp_path, text)
    assert [board.lanes for board in found.boards] == [("Now", "Later")]
    assert found.people == {1: Someone("Ana"), 2: Someone("Ben")}
    again = [Task(**vars(task) | {"place": "Row 2", "notes": ()}) for task in tasks(found)]
    assert again == rows


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\t1", "\n=1", "'=1", "''=1", "plain", "'plain", "", "'"])
async def test_no_cell_is_a_formula_and_every_cell_is_read_as_it_was(tmp_path: Path, cell: str):
    text = await written(a_task("Title", description=cell))
    marked = text.splitlines()[1].removeprefix("Beta,Now,Title,")
    assert not marked.lstrip('"').startswith(("=", "+", "-", "@", "\t", "\n"))
    assert tasks(sheet(tmp_path, text))[0].description == cell.strip()


async def test_tables_of_other_programs_are_understood(tmp_path: Path):
    excel = (
        "Task;Status;Due date;Assigned to;Effort;Done\r\nPäck;Doing;31.3.2027;Ana, ben@tandem.example;3;x\r\n;;;;;\r\n"
    )
    for content in (excel.encode("cp1252"), excel.encode("utf-16"), excel.encode(), excel.replace(";", "\t").encode()):
        found = sheet(tmp_path, content, how=Reading(("title", "lane", "due", "people", "note", "completed"), "dmy"))
        [task] = tasks(found)
        assert (task.place, task.title, task.due_on, task.notes) == ("Row 2", "Päck", date(2027, 3, 31), ("Effort: 3",))
        assert task.completed_at is not None and found.boards == [Board("Summer fair", ("Doing",))]
        assert found.people == {1: Someone("Ana"), 2: Someone("ben@tandem.example", "ben@tandem.example")}
    assert sheet(tmp_path, excel).meanings == ("title", "lane", "due", "people", "note", "completed")


async def test_without_a_column_for_lanes_there_are_those_of_a_new_board(tmp_path: Path):
    found = sheet(tmp_path, "What,Done\nOne,no\nTwo,yes\nThree,\n")
    assert found.boards[0].lanes == ("To do", "Doing", "Done")
    assert [(task.title, task.lane, task.order) for task in tasks(found)] == [
        ("One", 0, 0),
        ("Two", 2, 0),
        ("Three", 0, 1),
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("title,due\nOne,soon\n", "Row 2: “soon” is no day. Write it as 2027-03-31."),
        ("title,due\n\nOne,2027-02-30\n", "Row 3: “2027-02-30” is no day. Write it as 2027-03-31."),
        ("title,due\nOne,3/4/2027\n", "Row 2: “3/4/2027” is no day. Write it as 2027-03-31."),
        (
            "title,priority\nOne,huge\n",
            "Row 2: “huge” is no priority. It is one of none, low, medium, high and urgent.",
        ),
        ("title,due\nOne,,Two\n", "Row 2: it has 3 cells, and the first row names 2."),
        (
            "title,created\nOne,2027-03-31 noon\n",
            "Row 2: “2027-03-31 noon” is no moment. Write it as 2027-03-31 22:00, or as a day alone.",
        ),
        ("title,completed\nOne,perhaps\n", "Row 2: “perhaps” is no day. Write it as 2027-03-31."),
    ],
)
async def test_a_cell_that_cannot_be_understood_is_named_by_its_row(tmp_path: Path, content: str, sentence: str):
    [row] = sheet(tmp_path, content).rows()
    assert isinstance(row, Invalid) and row.sentence == sentence


@pytest.mark.parametrize(
    ("content", "how", "sentence"),
    [
        ("title,b\n1,2", Reading(("note", "note")), "Choose the column that has the titles of the tasks."),
        ("a,b\n1,2", Reading(("title", "title")), "Two columns are chosen as title."),
        ("a,b\n1,2", Reading(("title",)), "These are not the columns of this file."),
        ("", GUESSED, "This file is empty: there is nothing in it to import."),
        ("\n\n", GUESSED, "This file is empty: there is nothing in it to import."),
        ("\n" * 5000 + "title\n", GUESSED, "This is none of the files that can be imported"),
        (",,\n", GUESSED, "This file begins with nothing"),
        ("x," * 101, GUESSED, "This file has 102 columns, and 100 is the most that can be read."),
        ('a,b\n"never closed', GUESSED, "Row 2 cannot be read: unexpected end of data."),
        ("a\n" + "x" * 1_000_001, GUESSED, "Row 2 cannot be read: field larger than field limit"),
        (
            "task,list\n" + "".join(f"One,{n}\n" for n in range(51)),
            GUESSED,
            "The column “list” has more than 50 different",
        ),
        (b"%PDF-1.7 \xff\xfe", GUESSED, "This is none of the files that can be imported"),
        (b"PK\x03\x04\x00\x00", GUESSED, "This is none of the files that can be imported"),
        ("[1, 2]", GUESSED, "This is none of the files that can be imported"),
        ('{"lists": []}', GUESSED, "This is none of the files that can be imported"),
        ('{"lists": [', GUESSED, "This file is no JSON, or not all of it is there."),
        ("[" * 50_000 + "]" * 50_000, GUESSED, "In this file more than 64 lists or objects stand in each other"),
        ('{"a":' * 50_000 + "1" + "}" * 50_000, GUESSED, "In this file more than 64 lists or objects"),
        ('{"a": 1}'.encode("utf-16"), GUESSED, "This is JSON in UTF-16. Save it in UTF-8, and try again."),
        ("Title,Lane", GUESSED, "There is nothing in this file below its first row"),
        (b"title\n\x81\x8d", GUESSED, "Row 1 cannot be read: its letters are in an encoding that is not understood."),
        ("{" * 200_000, GUESSED, "This file is no JSON, or not all of it is there."),
        ('{"format": "tandem", "version": 2}', GUESSED, "This file is in version 2 of its format"),
        (
            '{"format": "tandem", "version": 1, "boards": [{"name": 7, "lanes": []}]}',
            GUESSED,
            "Board 1: name cannot be read",
        ),
        ('{"format": "tandem", "version": 1, "people": [{"id": "x"}]}', GUESSED, "Person 1: id cannot be read"),
        ('{"lists": [7], "cards": []}', GUESSED, "This is not what Trello exports: lists has something else in it."),
    ],
)
async def test_what_is_no_such_file_is_said_in_a_sentence(tmp_path: Path, content, how, sentence: str):
    path = tmp_path / "file"
    await asyncio.to_thread(path.write_bytes, content if isinstance(content, bytes) else content.encode())
    with pytest.raises(Invalid) as caught:
        opened(path, "file.csv", how)
    assert caught.value.sentence.startswith(sentence), caught.value.sentence


@pytest.mark.parametrize(("first", "order"), [("31/3/2027", "dmy"), ("3/31/2027", "mdy"), ("2027-03-31", "ymd")])
def test_the_order_of_days_is_guessed_by_one_that_tells_it(tmp_path: Path, first: str, order: str):
    found = sheet(tmp_path, f"title,due\nNone,\nOne,{'4/5/2027' if order != 'ymd' else first}\nTwo,{first}\n")
    assert (found.days, tasks(found)[2].due_on) == (order, date(2027, 3, 31))


def test_an_order_of_days_counts_where_the_meanings_are_left_to_be_guessed(tmp_path: Path):
    found = sheet(tmp_path, "title,due\nOne,4/5/2027\n", how=Reading(days="dmy"))
    assert tasks(found)[0].due_on == date(2027, 5, 4)


async def test_a_line_that_tells_excel_the_delimiter_is_no_row(tmp_path: Path):
    found = sheet(tmp_path, "sep=|\r\nTitle|Lane\r\nOne, two; three|Now\r\n")
    assert [(task.place, task.title) for task in tasks(found)] == [("Row 2", "One, two; three")]


def test_a_task_of_ours_that_is_not_as_it_should_be_is_named_by_its_number(tmp_path: Path):
    path = tmp_path / "file.json"
    path.write_text(
        '{"format": "tandem", "version": 1, "boards": [{"name": "A", "lanes": ["B"], "tasks": ['
        '{"lane": 1, "title": "Good"}, {"lane": 1}, {"lane": 1, "title": "x", "due_on": 5}, 7]}]}'
    )
    good, *bad = opened(path, "file.json").rows()
    assert isinstance(good, Task) and good.title == "Good"
    assert [str(row) for row in bad] == [
        "Task 2: title cannot be read: Field required.",
        "Task 3: due_on cannot be read: Value error, it is to be a text.",
        "Task 4 is not what should stand there.",
    ]
