"""What Spark shuffles and broadcasts in every stage of a study: `python bench/plans.py ROOT`.

Prints, for each table, the exchanges of its physical plan as planned for data too large to broadcast, which is how a
full snapshot is planned: one line an exchange, with its keys.
"""

import io
import re
import sys
from contextlib import redirect_stdout
from pathlib import Path

from scholarflow.config import load
from scholarflow.derive import ingested, study_context
from scholarflow.engine import Store, start
from scholarflow.pipeline import STAGES


def exchanges(plan: str) -> list[str]:
    """The exchanges of an explained plan, keys without expression ids."""
    found = re.findall(r"Exchange (?:hashpartitioning|rangepartitioning|Single|HashedRelation)[^\n]*", plan)
    noise = r"#\d+L?|, \[plan_id=\d+\]|, (ENSURE_REQUIREMENTS|REPARTITION\w*)|\.\.\."
    return [re.sub(noise, "", line) for line in found]


def main(root: Path) -> None:
    config = load()
    with start("spark") as engine:
        engine.spark.conf.set("spark.sql.autoBroadcastJoinThreshold", "-1")
        store = Store(root, engine, study=config.study.name)
        context = study_context(ingested(store), config)
        for stage in STAGES:
            rows = stage.make(*(store.read(table) for table in stage.inputs), **stage.parameters(context))
            printed = io.StringIO()
            with redirect_stdout(printed):
                rows.explain()
            print(f"{stage.table.name}")
            for line in exchanges(printed.getvalue()):
                print(f"    {line}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
