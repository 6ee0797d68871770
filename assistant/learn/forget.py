"""What a person has learnt is theirs: it goes when they go."""

from __future__ import annotations

from assistant.state import State


def forget_learner(state: State, person_id: str) -> None:
    """Remove somebody's progress and answers, and their part as learner or mentor; for the
    entry-point group ``kyodo.leavers``. What they confirmed of the units stays."""
    with state.writing() as rows:
        for table in ("learn_units", "learn_answers", "learn_people", "learn_mentors"):
            rows.execute(f"DELETE FROM {table} WHERE person_id = ?", (person_id,))
        rows.execute("DELETE FROM learn_mentors WHERE mentor_id = ?", (person_id,))
    state.leave_no_trace()
