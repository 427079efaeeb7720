"""The report: the paper's figures redrawn from the tables of a study, on one page; no engine is started."""

from pathlib import Path

from scholarflow.derive import ingested
from scholarflow.engine import Store
from scholarflow.errors import InputError
from scholarflow.progress import Progress
from scholarflow.report.files import as_csv, as_png, as_svg, files_named_by, write
from scholarflow.report.headlines import headlines
from scholarflow.report.page import Page, html
from scholarflow.report.reading import field_names, read_results, read_study, versions
from scholarflow.report.sections import sections
from scholarflow.show import study_of

__all__ = ["write_report"]


def write_report(root: Path, out: Path, study: str | None, progress: Progress) -> Path:
    """Writes `out`/index.html, and of each figure data/*.csv and figures/*.svg and *.png; gives the page's path.

    The same tables give the same bytes. Errors: UsageError for a study that is not there, InputError for a root without
    tables, a study without results, or an `out` that is no folder. What an earlier report wrote there and this one does
    not is removed.
    """
    if out.exists() and not out.is_dir():
        raise InputError(f"--out {out}: is no folder")
    store = Store(root, study=study_of(root, study))
    works = ingested(store)
    with progress.stage("report tables") as stage:
        results = read_results(store)
        asked = read_study(store, works, results)
        listed = versions(store)
        stage.done(tables=len(listed), rows=sum(n_rows for _, _, n_rows in listed))
    compared = {
        id_
        for row in results["citation_premium"]
        if row["variant"].startswith("field:")
        for id_ in row["variant"].removeprefix("field:").split("+")
        if id_.isdigit()
    }
    names = field_names(store, asked.scheme, sorted(map(int, compared)))
    chapters = sections(results, asked, {str(id_): name for id_, name in names.items()})
    figures = [figure for chapter in chapters for figure in chapter.figures]
    drawn = [figure for figure in figures if figure.spec]
    out.mkdir(parents=True, exist_ok=True)
    csv = {figure.name: as_csv(figure) for figure in drawn}
    with progress.stage("report figures") as stage:
        for number, figure in enumerate(drawn):
            svg = as_svg(figure.spec or {})
            write(out / "data" / f"{figure.name}.csv", csv[figure.name])
            write(out / "figures" / f"{figure.name}.svg", svg.encode())
            write(out / "figures" / f"{figure.name}.png", as_png(svg))
            stage.advance(number + 1, len(drawn))
        stage.done(drawn=len(drawn), without_data=len(figures) - len(drawn))
    page = out / "index.html"
    with progress.stage("report page") as stage:
        content = html(Page(asked, headlines(results, asked), chapters, csv, listed)).encode()
        before = files_named_by(page)
        write(page, content)
        for file in before - files_named_by(page):
            file.unlink(missing_ok=True)
        stage.done(bytes=len(content))
    return page
