# %% [markdown]
# # Smoothing
#
# Two ways to make numbers behave: into shares of a whole, and into a line that wobbles less.
# Tensors are float32; `row`, `class` and `time` name the axes.

# %%
import torch
from torch import Tensor

# %% [markdown]
# ## `softmax` (2 points)
#
# Write a function that turns every row of `scores`, of shape (row, class), into positive shares
# that add up to 1: each is exp of its score, divided by the sum of its row. Scores may be large:
# exp(100) is inf already.

# %% nbgrader={"schema_version": 3, "grade": false, "locked": false, "solution": true, "task": false, "grade_id": "softmax"}
def softmax(scores: Tensor) -> Tensor:
    """The shares of each row of `scores`, (row, class), as (row, class)."""
    ### BEGIN SOLUTION
    powers = (scores - scores.amax(dim=1, keepdim=True)).exp()
    return powers / powers.sum(dim=1, keepdim=True)
    ### END SOLUTION


# %% [markdown]
# ## `moving_average` (2 points)
#
# Write a function that gives, for each `width` neighbours of `series`, (time,), their mean. Of n
# numbers there are n - width + 1 such windows; ask for a ValueError when there is none.

# %% nbgrader={"schema_version": 3, "grade": false, "locked": false, "solution": true, "task": false, "grade_id": "moving_average"}
def moving_average(series: Tensor, width: int) -> Tensor:
    """The means of all windows of `width` neighbours in `series`, (time,)."""
    ### BEGIN SOLUTION
    if width > len(series):
        raise ValueError("the window is wider than the series")
    return series.unfold(0, width, 1).mean(dim=1)
    ### END SOLUTION


# %% [markdown]
# Try both.

# %%
if __name__ == "__main__":
    print(softmax(torch.tensor([[0.0, 1.0], [100.0, 100.0]])))
    print(moving_average(torch.arange(6.0), 3))
