"""The three losses: tell pairs apart, order scored pairs, follow a teacher."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

FAR = -1e4


def pair_loss(left: Tensor, right: Tensor, same: NDArray[np.bool_], scale: float) -> Tensor:
    """Softmax loss that finds each text's partner among all of the step, in both directions.

    Args:
        left: Unit vectors, shape (n, dimensions).
        right: Unit vectors of their partners; rows past the n-th are partners of none.
        same: Shape (n, len(right)); True where left i and right j must not be told apart.
        scale: Cosines are multiplied by it.

    Returns:
        The mean loss, a scalar.
    """
    count = len(left)
    scores = (scale * left @ right.T).masked_fill(torch.from_numpy(same), FAR)
    own = torch.arange(count)
    backward = functional.cross_entropy(scores[:, :count].T, own)
    return (functional.cross_entropy(scores, own) + backward) / 2


def order_loss(left: Tensor, right: Tensor, gold: Tensor, scale: float) -> Tensor:
    """Loss that wants pairs with a higher score to have a higher cosine (CoSENT).

    Args:
        left: Unit vectors, shape (n, dimensions).
        right: Unit vectors of the other sentences.
        gold: How alike people found them, shape (n,).
        scale: Cosines are multiplied by it.

    Returns:
        The loss, a scalar.
    """
    likeness = scale * (left * right).sum(dim=1)
    wrong = likeness[None, :] - likeness[:, None]
    wrong = wrong.masked_fill(gold[:, None] <= gold[None, :], FAR).flatten()
    return torch.logsumexp(torch.cat([torch.zeros(1), wrong]), dim=0)


def teacher_loss(vectors: Tensor, teacher: Tensor, scale: float, teacher_scale: float) -> Tensor:
    """Loss that wants each text's neighbours to be those the teacher sees.

    Args:
        vectors: Unit vectors, shape (n, dimensions).
        teacher: The teacher's unit vectors of the same texts.
        scale: The student's cosines are multiplied by it.
        teacher_scale: The teacher's cosines are multiplied by it.

    Returns:
        The divergence of the student's softmax over the other texts from the teacher's.
    """
    own = torch.eye(len(vectors), dtype=torch.bool)
    wanted = (teacher_scale * teacher @ teacher.T).masked_fill(own, FAR).softmax(dim=1)
    found = (scale * vectors @ vectors.T).masked_fill(own, FAR).log_softmax(dim=1)
    return functional.kl_div(found, wanted, reduction="batchmean")
