"""Delta tables as they are opened everywhere, without an engine."""

from deltalake import DeltaTable
from deltalake.exceptions import DeltaError, TableNotFoundError

from scholarflow.engine.places import Place, address, one_line
from scholarflow.errors import InputError


def opened_table(place: Place) -> DeltaTable | None:
    """The newest version of the table in a folder; null where there is none.

    Errors: InputError for a log that cannot be read, and for a store that cannot be reached.
    """
    try:
        return DeltaTable(address(place))
    except TableNotFoundError:
        return None
    except (DeltaError, OSError) as error:
        raise InputError(f"{place}: the Delta log cannot be read: {one_line(error)}") from None
