"""Who has which task before their eyes: open, in a tab that is on the screen. What they see happen is no news to them.

It is a presence like that on a board (nearby.py), of tabs that say so themselves; nobody is shown it.
"""

from collections.abc import Collection

from app.web.nearby import Nearby


class Sight:
    def __init__(self, nearby: Nearby) -> None:
        self._nearby = nearby
        self._seen: dict[str, tuple[int, int]] = {}

    def see(self, sid: str, person_id: int, task_id: int) -> None:
        """A tab shows this task from now on, and no other."""
        if self._seen.get(sid) != (person_id, task_id):
            self.lose(sid)
            self._seen[sid] = (person_id, task_id)
            self._nearby.arrive(sid, person_id, _place(task_id))

    def lose(self, sid: str) -> None:
        """A tab shows no task any more, or is not on the screen."""
        if seen := self._seen.pop(sid, None):
            self._nearby.leave(sid, _place(seen[1]), 0)

    async def lookers(self, task_ids: Collection[int]) -> dict[int, list[int]]:
        """Who sees each task. Of those on other workers nothing is known while Redis is away: they are told."""
        found = await self._nearby.people_at(*map(_place, task_ids))
        return {task_id: found[_place(task_id)] for task_id in task_ids}


def _place(task_id: int) -> str:
    return f"sight:{task_id}"
