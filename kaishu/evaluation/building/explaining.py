"""From each score down to its leaves: shares used, effective weights, contributions that sum to the index."""

from __future__ import annotations

import numpy as np

from kaishu.evaluation import methods
from kaishu.evaluation.building.aggregating import Aggregated
from kaishu.evaluation.building.notes import NOT_APPLICABLE, UNDIVIDED, Flags
from kaishu.evaluation.building.plan import Group, Plan
from kaishu.evaluation.building.table import Array, Mask
from kaishu.evaluation.system.choices import Power


def explain(plan: Plan, found: Aggregated) -> tuple[Array, Array, Array, Flags]:
    """Shares in the group, effective weights and contributions, each (units, nodes), and flags.

    A share counts the members that have a score.  The contribution of a child is its part of the parent's
    score times what one point of the parent brings to the index.
    """
    shape = found.scores.shape
    shares, weights = np.full(shape, np.nan), np.full(shape, np.nan)
    brought, contributions = np.full(shape, np.nan), np.full(shape, np.nan)
    flags = np.zeros(shape, dtype=np.uint16)
    there = ~np.isnan(found.scores[:, 0])
    shares[there, 0] = weights[there, 0] = brought[there, 0] = 1.0
    contributions[:, 0] = found.scores[:, 0]
    for group in reversed(plan.groups):
        places = group.children
        x = found.scores[:, places]
        used = ~np.isnan(x) & found.applicable[:, places] & ~np.isnan(found.scores[:, [group.place]])
        share = _shares(group, found.weights[group.code], used)
        shares[:, places] = np.where(used, share, np.nan)
        weights[:, places] = np.where(used, share * weights[:, [group.place]], np.nan)
        parts = _parts(group, x, share, used)
        if parts is None:
            flags[:, places] |= np.where(used, UNDIVIDED, 0).astype(np.uint16)
            continue
        brought[:, places] = np.where(used, parts * brought[:, [group.place]], np.nan)
        contributions[:, places] = brought[:, places] * x
        below = np.isnan(brought[:, [group.place]]) & used
        flags[:, places] |= np.where(below, UNDIVIDED, 0).astype(np.uint16)
    flags |= np.where(found.applicable, 0, NOT_APPLICABLE).astype(np.uint16)
    return shares, weights, contributions, flags


def _shares(group: Group, weights: Array, used: Mask) -> Array:
    share = np.where(used, np.broadcast_to(weights, used.shape), 0.0)
    if group.method == "sum":
        return share
    total = share.sum(axis=1, keepdims=True)
    # Written weights sum to 1 exactly; their binary sum may not, and would spoil them.
    total = np.where(np.abs(total - 1.0) < 1e-12, 1.0, total)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(total > 0, share / total, np.nan))


def _parts(group: Group, x: Array, share: Array, used: Mask) -> Array | None:
    """What one point of each child brings to its parent; None if the method cannot be split."""
    if group.method in ("arithmetic", "sum"):
        return share
    how, exponent = ("power", group.method.power) if isinstance(group.method, Power) else (group.method, 1.0)
    known = np.where(used, x, np.nan)
    weights = np.where(used, np.nan_to_num(share), 0.0)
    return methods.effective_weights(known, weights, how, exponent=exponent)
