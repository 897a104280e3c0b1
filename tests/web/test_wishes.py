"""What a tab wants is remembered until it wants something else, gives it up or is gone."""

from app.web.wishes import Wish, Wishes


def test_a_tab_whose_way_was_broken_off_is_found_until_it_is_where_it_wants_to_be():
    wishes = Wishes()
    wishes.want("ana", Wish(1, ("home:1", "board:2"), ("task:3",)))
    assert wishes.unfulfilled({}) == ["ana"]
    assert wishes.unfulfilled({"ana": {"home:1", "board:2"}}) == ["ana"]
    assert wishes.unfulfilled({"ana": {"home:1", "board:2", "task:3"}}) == []
    assert wishes.unfulfilled({"ana": {"home:1", "board:2", "task:3", "task:4"}}) == ["ana"], "It has left one of them."


def test_what_it_may_not_look_at_is_given_up_and_a_newer_page_counts_alone():
    wishes = Wishes()
    wishes.want("ana", Wish(1, ("board:2",), ("task:3",)))
    wishes.give_up("ana", ["task:3"])
    assert wishes.unfulfilled({"ana": {"board:2"}}) == []
    wishes.want("ana", Wish(1, ("home:1",), ()))
    assert wishes.unfulfilled({"ana": {"board:2"}}) == ["ana"]
    wishes.forget("ana")
    wishes.give_up("ana", ["task:3"])
    assert wishes.unfulfilled({}) == []
