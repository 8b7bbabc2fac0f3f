"""Learn the weights of a score from pairs that people confirmed: "this one was the same as that one"."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from genyin.sift.scoring import Scores
from genyin.sift.weights import Weights

SHRINKAGE = 10.0  # variance of the normal prior around 0; the larger, the freer the weights
LOOKED_AT = 200  # best candidates of a query that teach; the rest are far below
ROUNDS = 2  # the best candidates change with the weights


@dataclass(frozen=True, slots=True)
class Example:
    """One query: its parts (n_candidates, n_parts), and which candidates were right."""

    parts: NDArray[np.float32]
    right: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Refitted:
    """Weights, and the mean reciprocal rank on links left out while learning: with the old ones, with new ones."""

    weights: Weights
    before: float
    after: float


def example(scores: Scores, right: NDArray[np.bool_], names: Sequence[str], *, cjk: float = 0.0) -> Example:
    """An example of the parts `names`; a part that this query lacks is 0.

    cjk : share of the query that is CJK, 0 to 1. Where `names` has "words:cjk", that share of "words" is its column,
          as `Weights.of` mixes the two weights
    """
    rows = len(scores.total)
    split = {name: cjk for name in scores.parts if f"{name}:cjk" in names}
    columns = {name: (1.0 - split.get(name, 0.0)) * part for name, part in scores.parts.items()}
    columns |= {f"{name}:cjk": share * scores.parts[name] for name, share in split.items()}
    table = np.stack([columns.get(name, np.zeros(rows)) for name in names], axis=1)
    return Example(table.astype(np.float32), right)


def hardest(one: Example, names: Sequence[str], weights: Weights, *, most: int = LOOKED_AT) -> Example:
    """Only the `most` best candidates under these weights, and the right ones: many examples then fit into memory."""
    parts, right = _hardest(one, _vector(names, weights), most)
    return Example(parts.astype(np.float32), right)


def fit(
    examples: Iterable[Example], names: Sequence[str], *, start: Weights | None = None, least: float | None = None
) -> Weights:
    """The weights under which the right candidates come first: a conditional logit (McFadden 1974).

    Maximises Σ ln(Σ_right e^s / Σ_all e^s) − |w|² / (2 · SHRINKAGE) over the best candidates of each query and the
    right ones, s = parts · w. Queries without a right candidate teach nothing and are left out. A part named in
    `names` gets a weight of its own, never below `least`; the others keep those of `start`.

    Raises ValueError when no example has a right candidate.
    """
    known = start or Weights()
    useful = [one for one in examples if one.right.any()]
    if not useful:
        raise ValueError("no example has a right candidate: there is nothing to learn from")
    weights = _vector(names, known)
    bounds = None if least is None else [(least, None)] * len(names)
    for _ in range(ROUNDS):
        seen = [_hardest(one, weights, LOOKED_AT) for one in useful]
        weights = minimize(_loss, weights, args=(seen,), jac=True, method="L-BFGS-B", bounds=bounds).x
    return Weights({**known.values, **dict(zip(names, weights.tolist(), strict=True))})


def reciprocal_rank(examples: Iterable[Example], names: Sequence[str], weights: Weights) -> float:
    """Mean of 1 / (1 + candidates before the best right one); higher is better. 0 where nothing is right."""
    vector = _vector(names, weights)
    ranks = [_rank(one, one.parts @ vector) for one in examples]
    return float(np.mean([1 / rank if rank else 0.0 for rank in ranks])) if ranks else 0.0


def refit(examples: Sequence[Example], names: Sequence[str], *, now: Weights, folds: int = 5) -> Refitted:
    """Weights learned on a site's own links, or `now` where these do no better on links they were not learned from.

    None falls below 0: what two records share never counts against them, whatever a site's few links say. A part that
    no example has keeps its weight.
    Every `folds`-th example is left out in turn, learned without, and ranked; the mean reciprocal rank decides.
    """
    usable = [one for one in examples if one.right.any()]
    if len(usable) < 2 * folds:
        return Refitted(now, 0.0, 0.0)
    learned = [fit(_without(usable, fold, folds), names, start=now, least=0.0) for fold in range(folds)]
    ranked = [reciprocal_rank(usable[fold::folds], names, one) for fold, one in enumerate(learned)]
    before = [reciprocal_rank(usable[fold::folds], names, now) for fold in range(folds)]
    old, new = float(np.mean(before)), float(np.mean(ranked))
    return Refitted(_told(fit(usable, names, start=now, least=0.0), usable, names, now) if new > old else now, old, new)


def _vector(names: Sequence[str], weights: Weights) -> NDArray[np.float64]:
    return np.array([weights.of(name) for name in names])


def _told(fitted: Weights, examples: Sequence[Example], names: Sequence[str], now: Weights) -> Weights:
    """Weights of which those of parts that no example has are as they were."""
    told = np.any([one.parts.any(axis=0) for one in examples], axis=0)
    untold = {name for name, said in zip(names, told, strict=True) if not said}
    kept = {name: now.values[name] for name in untold if name in now.values}
    return Weights({name: value for name, value in fitted.values.items() if name not in untold} | kept)


def _without(examples: Sequence[Example], fold: int, folds: int) -> list[Example]:
    return [one for place, one in enumerate(examples) if place % folds != fold]


def _hardest(one: Example, weights: NDArray[np.float64], most: int) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    order = np.argsort(-(one.parts @ weights), kind="stable")[:most]
    rows = np.union1d(order, np.flatnonzero(one.right))
    return one.parts[rows].astype(np.float64), one.right[rows]


def _loss(
    weights: NDArray[np.float64], seen: Sequence[tuple[NDArray[np.float64], NDArray[np.bool_]]]
) -> tuple[float, NDArray[np.float64]]:
    loss, slope = float(weights @ weights) / (2 * SHRINKAGE), weights / SHRINKAGE
    for parts, right in seen:
        scores = parts @ weights
        odds = np.exp(scores - scores.max())
        whole, ours = odds.sum(), max(float(odds[right].sum()), 1e-300)
        loss -= np.log(ours / whole)
        slope = slope - (odds[right] @ parts[right] / ours - odds @ parts / whole)
    return loss, slope


def _rank(one: Example, scores: NDArray[np.float64]) -> int:
    """Place of the best right candidate, ties against it; 0 where none is."""
    if not one.right.any():
        return 0
    best = scores[one.right].max()
    return 1 + int(((scores >= best) & ~one.right).sum())
