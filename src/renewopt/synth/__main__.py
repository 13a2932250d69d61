"""``python -m renewopt.synth``: write a synthetic district as a scenario folder."""

from __future__ import annotations

from pathlib import Path

import click

from renewopt.disk import OutputError
from renewopt.synth.district import synthesise, write
from renewopt.synth.money import MONEY, Money
from renewopt.synth.programme import synthesise_programme


@click.command()
@click.option("--households", type=click.IntRange(1, 10_000_000), default=None, help="Default: 3,200.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@click.option("--projects", type=click.IntRange(1), default=8, show_default=True)
@click.option("--months", type=click.IntRange(24), default=60, show_default=True)
@click.option("--money", type=click.Choice(list(MONEY)), default="tight", show_default=True)
@click.option("--phases", type=click.IntRange(1), default=None, help="Phases of each estate; default: one to three.")
@click.option(
    "--programme",
    is_flag=True,
    help="With projects and works that may start (default: 15,000 households); takes --households and --seed alone.",
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder to write to.")
def main(
    households: int | None,
    seed: int,
    projects: int,
    months: int,
    money: Money,
    phases: int | None,
    programme: bool,
    out: Path,
) -> None:
    """Write a district drawn by chance: district.yaml and households.csv."""
    try:
        if programme:
            district = synthesise_programme(households or 15_000, seed=seed)
        else:
            district = synthesise(
                households or 3_200, seed=seed, projects=projects, months=months, money=money, phases=phases
            )
    except ValueError as fault:
        raise click.UsageError(str(fault)) from None
    try:
        click.echo(write(out, district))
    except (OutputError, OSError) as fault:
        raise click.ClickException(str(fault)) from None


if __name__ == "__main__":
    main(prog_name="python -m renewopt.synth")
