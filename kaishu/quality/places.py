"""Places of rows as Arrow takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


def arrow_places(places: npt.NDArray[np.int64]) -> Any:
    """The same as an Arrow column, without a copy.

    By hand, since pyarrow asks numpy first whether any are masked, which imports a large part of it.
    """
    import numpy as np
    import pyarrow as pa

    held = np.ascontiguousarray(places, np.int64)
    return pa.Array.from_buffers(pa.int64(), len(held), [None, pa.py_buffer(held)])
