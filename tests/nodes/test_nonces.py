# SPDX-License-Identifier: Apache-2.0
import multiprocessing
import time
from pathlib import Path

from ortaq.nodes.nonces import Nonces

KEY, OTHER = "zKey", "zOther"


def _take(folder: str, until: int, start: float, answers: "multiprocessing.Queue[int]") -> None:
    store = Nonces(Path(folder))
    time.sleep(max(0.0, start - time.time()))
    answers.put(sum(store.is_first(KEY, f"nonce-{n}", until) for n in range(200)))


def test_nonce_passes_once_among_many_processes(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    answers: multiprocessing.Queue[int] = context.Queue()
    until, start = int(time.time()) + 60, time.time() + 2
    workers = [context.Process(target=_take, args=(str(tmp_path), until, start, answers)) for _ in range(4)]
    for worker in workers:
        worker.start()
    taken = [answers.get(timeout=60) for _ in workers]
    for worker in workers:
        worker.join()
    assert sum(taken) == 200


def test_nonce_is_known_after_a_restart_and_forgotten_when_its_time_is_over(tmp_path: Path) -> None:
    now = int(time.time())
    assert Nonces(tmp_path).is_first(KEY, "a", now + 60)
    assert not Nonces(tmp_path).is_first(KEY, "a", now + 60)
    assert Nonces(tmp_path).is_first(OTHER, "a", now + 60)
    assert Nonces(tmp_path).is_first(KEY, "../../etc/passwd", now + 60)
    assert Nonces(tmp_path).is_first(KEY, "old", now - 3600)
    assert Nonces(tmp_path).is_first(KEY, "later", now + 7200)
    assert sorted(int(span.name) for span in tmp_path.iterdir()) == sorted({(now + 60) // 600, (now + 7200) // 600})
