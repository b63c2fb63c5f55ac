# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # From "hello" to "ohlol": recurrent networks in PyTorch
#
# You are going to teach a small network a silly trick. It reads **hello**, one letter at a time,
# and answers every letter with another one, so that its answers spell **ohlol**:
#
# ```
# reads      h   e   l   l   o
# answers    o   h   l   o   l
# ```
#
# Look at the two `l`. The first must be answered with `l`, the second with `o`. A network that sees
# nothing but the current letter cannot do that: same letter, same answer. To get it right it has to
# *remember* what came before, and remembering is what recurrent networks are for.
#
# You will build one from nothing: first a single step, then the loop, then layers; then you turn
# letters into numbers and train two models. Twelve small tasks, 28 points, about two hours.
#
# | task | you write | points | difficulty | minutes |
# |---|---|---|---|---|
# | 1 | `parameter_counts` | 1 | ●○○ | 10 |
# | 2 | `rnn_cell_step` | 2 | ●○○ | 10 |
# | 3 | `run_cell` | 3 | ●●○ | 10 |
# | 4 | `rnn_shapes` | 1 | ●○○ | 5 |
# | 5 | `run_layers` | 3 | ●●● | 20 |
# | 6 | `vocabulary` | 1 | ●○○ | 5 |
# | 7 | `one_hot` | 2 | ●○○ | 5 |
# | 8 | `to_inputs` | 1 | ●○○ | 5 |
# | 9 | `flatten` | 3 | ●●○ | 15 |
# | 10 | `decode` | 1 | ●○○ | 5 |
# | 11 | `cell_model` | 5 | ●●● | 25 |
# | 12 | `rnn_model` | 5 | ●●○ | 15 |
#
# ## Checking your work
#
# Work in the notebook or in the `.py` file, whichever you like better. Save it, open a terminal in
# its folder, and type
#
# ```
# ohlol check                   # every task
# ohlol check --task run_cell   # one task
# ohlol check --watch           # again at every save
# ohlol hint run_cell           # stuck? the next hint, one at a time
# ```
#
# When something fails, you see the smallest input that shows it, your result beside the expected
# one, and often what probably went wrong.
#
# ## How it is graded
#
# Only your functions and classes are graded, by calling them. Code under
# `if __name__ == "__main__":` is demonstration: it runs in the notebook (and with
# `python hello_rnn.py`), never in grading. It stops with `NotImplementedError` where it needs a
# function that you have not written yet; that is as it should be. Put your own experiments under
# such a line as well.
#
# These rules hold for every task:
#
# - **Keep names and arguments** as the stub has them. Work from the arguments alone: the variables
#   of a demonstration do not exist when you are graded.
# - **Hard-code no size.** The checks invent their own: other words, other widths, any batch size,
#   a batch of 1 included. All sizes are at least 1.
# - **float32** for tensors of numbers, **int64** for class indices and labels.
# - **Leave the arguments as they were.** A result may be a view of an argument, but change nothing
#   in place. (Only training changes something: the model's weights.)
# - **Stay differentiable.** Where float tensors go in and come out, gradients must flow back to
#   every one of them, and to the weights: no `.data`, no `.detach()`, no `torch.no_grad()`, no
#   round trip through NumPy.
# - **No randomness of your own**: same arguments, same result.
# - **Keep the tasks apart.** Do not call one task's function from another's, then a mistake costs
#   its own task alone. Imports and helper functions are welcome, inside the task's own cell.
#
# Anything in PyTorch and in Python's standard library may be used.

# %% nbgrader={"schema_version": 3, "grade": false, "locked": true, "solution": false, "task": false, "grade_id": "imports"}
import torch
import torch.nn.functional as F
from torch import nn

# %% [markdown]
# Before you write anything, watch the problem. Here is "hello" as five rows of four numbers (more
# about that in part 5), given to a linear layer and to a recurrent one. Both are untrained, their
# weights are random. How different are their outputs for the two `l`?

# %% nbgrader={"schema_version": 3, "grade": false, "locked": true, "solution": false, "task": false, "grade_id": "demo-memory"}
if __name__ == "__main__":
    hello = torch.tensor(
        [
            # e    h    l    o
            [0.0, 1.0, 0.0, 0.0],  # h
            [1.0, 0.0, 0.0, 0.0],  # e
            [0.0, 0.0, 1.0, 0.0],  # l
            [0.0, 0.0, 1.0, 0.0],  # l
            [0.0, 0.0, 0.0, 1.0],  # o
        ]
    )
    torch.manual_seed(0)
    linear, rnn = nn.Linear(4, 4), nn.RNN(input_size=4, hidden_size=4)
    for layer, rows in (("nn.Linear", linear(hello)), ("nn.RNN", rnn(hello)[0])):
        print(f"{layer:9}  the two l differ by {(rows[2] - rows[3]).abs().max():.3f}")

# %% [markdown]
# No amount of training will move that zero. The recurrent layer tells the two `l` apart before it
# has learned anything, because it carries a *hidden state* from letter to letter.

# %% [markdown]
# # 1. Why share weights?
#
# A **dense** layer (`nn.Linear`) has a weight of its own for every pair of an input number and an
# output number, plus one bias for every output number. That is fine for a few hundred numbers, and
# hopeless for pictures and texts. Two famous layers save weights by using the same ones again and
# again:
#
# - a **convolution** (`nn.Conv2d`) slides one small kernel over all *places* of a picture;
# - a **recurrent** layer (`nn.RNN`) applies one small cell at all *times* of a sequence.
#
# Three layers, each turning 1,000 numbers into 2,000:
#
# | layer | what the numbers are | weights and biases | with 10 times as many numbers |
# |---|---|---|---|
# | `nn.Linear(1000, 2000)` | no structure at all | 2,002,000 | 200,020,000 |
# | `nn.Conv2d(10, 20, 5, padding=2)` | 10 by 10 pixels, 10 channels to 20 | 5,020 | 5,020 |
# | `nn.RNN(10, 20)` | 100 steps of 10 numbers to 20 | 640 | 640 |
#
# A bigger picture or a longer text costs the last two nothing. There is a second gift: what was
# learned at one place or time holds at all of them.

# %% [markdown]
# ## Task 1: Count the parameters (`parameter_counts`, 1 point)
#
# *Difficulty ●○○, 10 minutes*
#
# How many trainable numbers, weights **and** biases, does each layer have? Return a Python `int`.
#
# - `linear_parameters(in_features, out_features)`: `nn.Linear`.
# - `conv2d_parameters(in_channels, out_channels, kernel_size)`: `nn.Conv2d` with a square kernel
#   (`kernel_size` is one int). Every output channel has one kernel, which looks at *all* input
#   channels, and one bias.
# - `rnn_parameters(input_size, hidden_size, num_layers=1)`: `nn.RNN`. Each layer has two matrices
#   and two bias vectors: `weight_ih` (hidden, what the layer reads), `weight_hh` (hidden, hidden),
#   `bias_ih` (hidden,) and `bias_hh` (hidden,). The first layer reads `input_size` numbers, every
#   further one reads the `hidden_size` numbers of the layer below.
#
# All three layers are built with PyTorch's defaults, so with biases.


# %% nbgrader={"schema_version": 3, "grade": false, "locked": false, "solution": true, "task": false, "grade_id": "parameter_counts"}
def linear_parameters(in_features, out_features):
    """The number of weights and biases of nn.Linear, an int."""
    ### BEGIN SOLUTION
    return in_features * out_features + out_features
    ### END SOLUTION


def conv2d_parameters(in_channels, out_channels, kernel_size):
    """The number of weights and biases of nn.Conv2d with a square kernel, an int."""
    ### BEGIN SOLUTION
    weights_per_kernel = in_channels * kernel_size * kernel_size
    return out_channels * (weights_per_kernel + 1)
    ### END SOLUTION


def rnn_parameters(input_size, hidden_size, num_layers=1):
    """The number of weights and biases of nn.RNN with all its layers, an int."""
    ### BEGIN SOLUTION
    first_layer = hidden_size * (input_size + hidden_size + 2)
    further_layer = hidden_size * (hidden_size + hidden_size + 2)
    return first_layer + (num_layers - 1) * further_layer
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": false, "locked": true, "solution": false, "task": false, "grade_id": "demo-parameter_counts"}
if __name__ == "__main__":
    print(f"dense          {linear_parameters(1000, 2000):>11,}")
    print(f"convolutional  {conv2d_parameters(10, 20, 5):>11,}")
    print(f"recurrent      {rnn_parameters(10, 20):>11,}")
    print(f"  of 3 layers  {rnn_parameters(10, 20, num_layers=3):>11,}")

# %% [markdown]
# # 2. The cell: a linear layer and tanh
#
# All of the magic sits in one small function, the **cell**. It takes the current input `x` and the
# hidden state `h` so far, and makes the new hidden state:
#
# ```
# h' = tanh(x W_ihᵀ + b_ih + h W_hhᵀ + b_hh)
#
#           x (batch, input) ---> linear: w_ih, b_ih ---+
#                                                       |
#                                                      (+)---> tanh ---> h' (batch, hidden)
#                                                       |
#          h (batch, hidden) ---> linear: w_hh, b_hh ---+
# ```
#
# `ih` reads "input to hidden", `hh` "hidden to hidden". You know all the parts: put `x` and `h`
# side by side into one long row, and the sum is a single linear layer. `tanh` squeezes the result
# into (-1, 1), so that the state cannot blow up, however long the sequence is.

# %% [markdown]
# ## Task 2: One step of the cell (`rnn_cell_step`, 2 points)
#
# *Difficulty ●○○, 10 minutes*
#
# Write the formula above as `rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh)`.
#
# | argument | shape |
# |---|---|
# | `x` | (batch, input) |
# | `h` | (batch, hidden) |
# | `w_ih` | (hidden, input) |
# | `w_hh` | (hidden, hidden) |
# | `b_ih`, `b_hh` | (hidden,) |
#
# Return h', float32 of shape **(batch, hidden)**, also when batch is 1. Each row depends on its own
# rows of `x` and `h` only. `input` and `hidden` may differ. Change no argument in place, and let
# gradients reach all six of them.
#
# PyTorch stores a weight matrix as (out, in), one row for each output, which is why the formula
# has the transposes. As `w_hh` is square, forgetting *its* transpose raises no error. Careful!


# %% nbgrader={"schema_version": 3, "grade": false, "locked": false, "solution": true, "task": false, "grade_id": "rnn_cell_step"}
def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    """One step of an RNN cell: the new hidden state.

    x: (batch, input), h: (batch, hidden), w_ih: (hidden, input), w_hh: (hidden, hidden),
    b_ih and b_hh: (hidden,). Returns (batch, hidden).
    """
    ### BEGIN SOLUTION
    return torch.tanh(x @ w_ih.T + b_ih + h @ w_hh.T + b_hh)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": false, "locked": true, "solution": false, "task": false, "grade_id": "demo-rnn_cell_step"}
if __name__ == "__main__":
    torch.manual_seed(0)
    cell = nn.RNNCell(input_size=5, hidden_size=3)
    x, h = torch.randn(2, 5), torch.randn(2, 3)
    mine = rnn_cell_step(x, h, cell.weight_ih, cell.weight_hh, cell.bias_ih, cell.bias_hh)
    print("shape:", tuple(mine.shape))
    print(f"largest difference from nn.RNNCell: {(mine - cell(x, h)).abs().max():.7f}")

# %% [markdown]
# You have just rebuilt `nn.RNNCell`. From here on we use PyTorch's: `cell(x, h)` does what your
# function does, and keeps the four parameters for you.

# %% [markdown]
# # 3. The loop: one cell, all steps
#
# A sequence is read by *one* cell, over and over. Each step gets the next input, and the hidden
# state that the step before has left:
#
# ```
#                outputs[0]         outputs[1]                  outputs[-1]
#                    ^                   ^                            ^
#                    |                   |                            |
# hidden --> [cell] -+--> h --> [cell] --+--> h --> ... --> [cell] ---+--> last hidden
#              ^                  ^                           ^
#              |                  |                           |
#          inputs[0]          inputs[1]                   inputs[-1]
# ```
#
# Every `[cell]` in the picture is the same object with the same weights. This is the weight sharing
# of part 1, and the reason why the length of the sequence costs no parameters.
#
# PyTorch puts **time first**: inputs have the shape (seq, batch, input), so `inputs[t]`, and each
# turn of `for x in inputs`, is the (batch, input) that the cell wants at step t.

# %% [markdown]
# ## Task 3: Run a cell over a sequence (`run_cell`, 3 points)
#
# *Difficulty ●●○, 10 minutes*
#
# `run_cell(cell, inputs, hidden)` runs `cell` over all steps, beginning with the state `hidden`.
#
# | argument | what it is |
# |---|---|
# | `cell` | an `nn.RNNCell` |
# | `inputs` | (seq, batch, input) |
# | `hidden` | (batch, hidden), the state before the first step; not always zeros |
#
# Return a tuple of two:
#
# 1. `outputs`, **(seq, batch, hidden)**: the hidden state *after* each step. The initial state is
#    not among them.
# 2. the last hidden state, **(batch, hidden)**. It equals `outputs[-1]`.
#
# Leave `inputs` and the caller's `hidden` unchanged. Gradients must reach the inputs, the initial
# state and the cell's weights *through all the steps*. Any seq and batch, 1 included.


# %% nbgrader={"schema_version": 3, "grade": false, "locked": false, "solution": true, "task": false, "grade_id": "run_cell"}
def run_cell(cell, inputs, hidden):
    """Run an nn.RNNCell over a sequence.

    inputs: (seq, batch, input), hidden: (batch, hidden), the state before the first step.
    Returns the states after each step (seq, batch, hidden), and the last one (batch, hidden).
    """
    ### BEGIN SOLUTION
    outputs = []
    for x in inputs:
        hidden = cell(x, hidden)
        outputs.append(hidden)
    return torch.stack(outputs), hidden
    ### END SOLUTION


# %% [markdown]
# How long does a cell remember? Knock once, then stay silent, and compare with silence alone. What
# remains of the knock, step by step, is the cell's memory of it:

# %% nbgrader={"schema_version": 3, "grade": false, "locked": true, "solution": false, "task": false, "grade_id": "demo-run_cell"}
if __name__ == "__main__":
    torch.manual_seed(0)
    cell = nn.RNNCell(input_size=1, hidden_size=8)
    silence = torch.zeros(8, 1, 1)  # (seq, batch, input)
    knock = silence.clone()
    knock[0] = 1.0
    with torch.no_grad():
        heard, _ = run_cell(cell, knock, torch.zeros(1, 8))
        unheard, _ = run_cell(cell, silence, torch.zeros(1, 8))
    for t, echo in enumerate((heard - unheard).norm(dim=2).flatten().tolist()):
        print(f"step {t}  {echo:.3f}  {'#' * round(80 * echo)}")

# %% [markdown]
# The echo fades quickly, and gradients on their way back fade just so. For "hello" this is no
# trouble; for long texts it is the reason why LSTM and GRU were invented.

# %% [markdown]
# # 4. Layers, and the shapes of out and hidden
#
# `nn.RNN` is your loop, written in fast C++, with one more idea: **layers**. The states of the
# first layer are the inputs of the second, and so on. Each layer has a cell of its own, with its
# own weights and its own hidden state. Three steps and two layers look like this:
#
# ```
#                     out[0]    out[1]    out[2]
#                       ^         ^         ^
# hidden[1] at start -> O ------> O ------> O -> hidden[1] at the end      layer 1 (top)
#                       ^         ^         ^
# hidden[0] at start -> O ------> O ------> O -> hidden[0] at the end      layer 0
#                       ^         ^         ^
#                   inputs[0] inputs[1] inputs[2]                          time ------>
# ```
#
# `out, hidden = rnn(inputs, hidden)` gives you two edges of this grid:
#
# - **out** is the upper edge: the *top layer* at *all steps*.
# - **hidden** is the right edge: *all layers* at the *last step*.
#
# They meet in the upper right corner, so `out[-1]` equals `hidden[-1]`. All three tensors have the
# batch in the middle and the features last:
#
# ```
# inputs  (seq,    batch, input )
# out     (seq,    batch, hidden)      all steps, top layer
# hidden  (layers, batch, hidden)      last step, all layers
# ```
#
# With `nn.RNN(..., batch_first=True)`, inputs and out become (batch, seq, ...). hidden does **not**
# change: it stays (layers, batch, hidden).

# %% [markdown]
# ## Task 4: The shapes of nn.RNN (`rnn_shapes`, 1 point)
#
# *Difficulty ●○○, 5 minutes*
#
# `rnn_shapes(seq_len, batch_size, input_size, hidden_size, num_layers)` returns the shapes of `out`
# and of `hidden` that an `nn.RNN` with these sizes gives for an input (seq, batch, input). All
# other options are PyTorch's defaults (so `batch_first=False`, one direction).
#
# Return a tuple of two tuples of ints: `(shape of out, shape of hidden)`.


# %% nbgrader={"schema_version": 3, "grade": false, "locked": false, "solution": true, "task": false, "grade_id": "rnn_shapes"}
def rnn_shapes(seq_len, batch_size, input_size, hidden_size, num_layers):
    """The shapes of out and hidden, the two results of nn.RNN: two tuples of ints."""
    ### BEGIN SOLUTION
    return (seq_len, batch_size, hidden_size), (num_layers, batch_size, hidden_size)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": false, "locked": true, "solution": false, "task": false, "grade_id": "demo-rnn_shapes"}
if __name__ == "__main__":
    rnn = nn.RNN(input_size=4, hidden_size=2, num_layers=6)
    out, hidden = rnn(torch.zeros(5, 3, 4))  # no initial state given: zeros
    print("mine:   ", *rnn_shapes(5, 3, 4, 2, 6))
    print("PyTorch:", tuple(out.shape), tuple(hidden.shape))

# %% [markdown]
# ## Task 5: Run stacked layers (`run_layers`, 3 points)
#
# *Difficulty ●●●, 20 minutes*
#
# `run_layers(cells, inputs, hidden)` does what `nn.RNN` with `num_layers=len(cells)` does.
#
# | argument | what it is |
# |---|---|
# | `cells` | a list of `nn.RNNCell`, from bottom to top, at least one |
# | `inputs` | (seq, batch, input) |
# | `hidden` | (layers, batch, hidden): `hidden[k]` is where layer k starts; not always zeros |
#
# `cells[0]` reads the inputs; every further cell reads, at each step, the state that the cell below
# has *just* computed for that step. All layers have the same hidden size.
#
# Return a tuple of two:
#
# 1. `out`, **(seq, batch, hidden)**: the states of the top layer after each step.
# 2. `hidden`, **(layers, batch, hidden)**: the last state of every layer, bottom layer first.
#
# Leave `inputs` and the caller's `hidden` unchanged; gradients must reach both, and the weights of
# all the cells. Write the loop here once more: do not call `run_cell`.


# %% nbgrader={"schema_version": 3, "grade": false, "locked": false, "solution": true, "task": false, "grade_id": "run_layers"}
def run_layers(cells, inputs, hidden):
    """Run a stack of nn.RNNCell over a sequence, as nn.RNN with several layers does.

    cells: bottom layer first, inputs: (seq, batch, input), hidden: (layers, batch, hidden).
    Returns the top layer's states (seq, batch, hidden), and the last state of every layer
    (layers, batch, hidden).
    """
    ### BEGIN SOLUTION
    sequence = inputs
    last_states = []
    for cell, state in zip(cells, hidden, strict=True):
        states = []
        for x in sequence:
            state = cell(x, state)
            states.append(state)
        sequence = torch.stack(states)  # what this layer says is what the next one reads
        last_states.append(state)
    return sequence, torch.stack(last_states)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": false, "locked": true, "solution": false, "task": false, "grade_id": "demo-run_layers"}
if __name__ == "__main__":
    torch.manual_seed(0)
    rnn = nn.RNN(input_size=5, hidden_size=3, num_layers=2)
    cells = [nn.RNNCell(5, 3), nn.RNNCell(3, 3)]
    for k, cell in enumerate(cells):  # give the cells the weights of rnn's layers
        weights = {name: rnn.get_parameter(f"{name}_l{k}") for name in cell.state_dict()}
        cell.load_state_dict(weights)

    inputs, start = torch.randn(4, 2, 5), torch.randn(2, 2, 3)
    out, hidden = run_layers(cells, inputs, start)
    expected_out, expected_hidden = rnn(inputs, start)
    print("out as nn.RNN has it:   ", torch.allclose(out, expected_out, atol=1e-6))
    print("hidden as nn.RNN has it:", torch.allclose(hidden, expected_hidden, atol=1e-6))
    print("they share a corner:    ", torch.equal(out[-1], hidden[-1]))

# %% [markdown]
# # 5. A word becomes numbers
#
# Networks read numbers. A word gets there in three moves:
#
# ```
#  text            h   e   l   l   o
#                                               dictionary: e=0, h=1, l=2, o=3
#  indices         1   0   2   2   3
#
#                  0   1   0   0   0   e
#  one-hot         1   0   0   0   0   h        one vector for each letter
#  vectors         0   0   1   1   0   l        (drawn as columns here, rows in the tensor)
#                  0   0   0   0   1   o
# ```
#
# Why not feed the indices themselves? Because they would claim that `o` is three times `h`, and
# that `l` lies between the two. One-hot vectors claim nothing: all letters are equally far apart.

# %% [markdown]
# ## Task 6: The dictionary (`vocabulary`, 1 point)
#
# *Difficulty ●○○, 5 minutes*
#
# - `build_vocab(text)` returns a tuple `(idx2char, char2idx)`. `idx2char` is a list of the distinct
#   characters of `text` in the order of Python's `sorted`; upper and lower case, blanks, digits and
#   letters of any script are all characters like others. `char2idx` is the dict back, from each
#   character to its index in the list.
# - `encode(text, char2idx)` returns the indices of the characters of `text`, an **int64** tensor of
#   shape **(seq,)**. It uses the `char2idx` that it is given, which may well know more characters
#   than `text` has. A character that it does not know raises **`KeyError`**.
#
# Texts have at least one character.


# %% nbgrader={"schema_version": 3, "grade": false, "locked": false, "solution": true, "task": false, "grade_id": "vocabulary"}
def build_vocab(text):
    """The sorted list of the distinct characters of text, and the dict from character to index."""
    ### BEGIN SOLUTION
    idx2char = sorted(set(text))
    char2idx = {char: idx for idx, char in enumerate(idx2char)}
    return idx2char, char2idx
    ### END SOLUTION


def encode(text, char2idx):
    """The index of every character of text, int64 (seq,); KeyError for an unknown character."""
    ### BEGIN SOLUTION
    return torch.tensor([char2idx[char] for char in text], dtype=torch.int64)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": false, "locked": true, "solution": false, "task": false, "grade_id": "demo-vocabulary"}
if __name__ == "__main__":
    idx2char, char2idx = build_vocab("hello")
    print(idx2char, char2idx)
    print("hello:", encode("hello", char2idx))
    print("ohlol:", encode("ohlol", char2idx))

# %% [markdown]
# ## Task 7: One-hot vectors (`one_hot`, 2 points)
#
# *Difficulty ●○○, 5 minutes*
#
# `one_hot(indices, num_classes)` turns `indices`, int64 of shape (seq,), into a **float32** tensor
# of shape **(seq, num_classes)**: row t is 1 at position `indices[t]` and 0 everywhere else.
#
# Indices run from 0 to `num_classes - 1`. Not all of them need occur, and the largest may be
# missing. Mind the dtype: `nn.RNN` computes in float32 and refuses integers.


# %% nbgrader={"schema_version": 3, "grade": false, "locked": false, "solution": true, "task": false, "grade_id": "one_hot"}
def one_hot(indices, num_classes):
    """One row for each index, 1 at the index and 0 elsewhere.

    indices: int64 (seq,). Returns float32 (seq, num_classes).
    """
    ### BEGIN SOLUTION
    return F.one_hot(indices, num_classes).float()
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": false, "locked": true, "solution": false, "task": false, "grade_id": "demo-one_hot"}
if __name__ == "__main__":
    print("     e    h    l    o")
    rows = one_hot(torch.tensor([1, 0, 2, 2, 3]), num_classes=4)
    for letter, row in zip("hello", rows.tolist(), strict=True):
        print(letter, row)

# %% [markdown]
# ## Task 8: Rows become a batch (`to_inputs`, 1 point)
#
# *Difficulty ●○○, 5 minutes*
#
# `nn.RNN` wants (seq, batch, input). We have rows. `to_inputs(one_hot, batch_size)` takes `one_hot`
# of shape (seq * batch, input), and returns **(seq, batch, input)**, float32, values unchanged.
#
# The rows come **time-major**: first the first step of all samples, then the second step of all
# samples, and so on. In other words, step t of sample b stands in row `t * batch + b`, and has to
# arrive at `[t, b]`:
#
# ```
#        rows, batch 2         inputs
#                              b=0  b=1
#        a0                t=0  a0   b0
#        b0                t=1  a1   b1
#        a1       --->     t=2  a2   b2
#        b1
#        a2                            (each entry is one vector of length input)
#        b2
# ```
#
# The number of rows is always a multiple of `batch_size`. Gradients must flow back to the rows.


# %% nbgrader={"schema_version": 3, "grade": false, "locked": false, "solution": true, "task": false, "grade_id": "to_inputs"}
def to_inputs(one_hot, batch_size):
    """Time-major rows (seq * batch, input) as the input of nn.RNN, (seq, batch, input)."""
    ### BEGIN SOLUTION
    input_size = one_hot.shape[1]
    return one_hot.reshape(-1, batch_size, input_size)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": false, "locked": true, "solution": false, "task": false, "grade_id": "demo-to_inputs"}
if __name__ == "__main__":
    rows = torch.tensor([[0.0], [10.0], [1.0], [11.0], [2.0], [12.0]])  # 3 steps, 2 samples
    inputs = to_inputs(rows, batch_size=2)
    print("shape:   ", tuple(inputs.shape))
    print("sample 0:", inputs[:, 0].flatten().tolist())
    print("sample 1:", inputs[:, 1].flatten().tolist())

# %% [markdown]
# # 6. Numbers become a word again
#
# At every step the network puts out one number for each letter, its **logits**: the higher, the
# likelier. Cross-entropy compares them with the labels (the indices of the right letters). It does
# the softmax itself, so it takes logits as they are, never probabilities:
#
# ```
# F.cross_entropy(logits, labels)        logits (N, classes) float32,   labels (N,) int64
# ```
#
# N is a plain list of predictions: cross-entropy knows nothing of time and batch. So (seq, batch)
# has to become one axis, in the same order for outputs and labels: row i of the one must belong to
# entry i of the other. If the orders differ nothing crashes, and the network earnestly learns
# nonsense.

# %% [markdown]
# ## Task 9: Flatten outputs and labels (`flatten`, 3 points)
#
# *Difficulty ●●○, 15 minutes*
#
# | function | argument | with `batch_first=True` | returns |
# |---|---|---|---|
# | `flatten_outputs` | `out` (seq, batch, hidden) | (batch, seq, hidden) | (seq * batch, hidden) |
# | `flatten_labels` | `labels` (seq, batch) | (batch, seq) | (seq * batch,) |
#
# The result is **time-major in both layouts**: row `t * batch + b` belongs to step t of sample b. A
# batch-first tensor and its time-first twin give the very same result.
#
# Values and dtypes stay as they are (float32 outputs, int64 labels): no softmax, no one-hot.
# Gradients must flow back to `out`.
#
# Beware of `view` and `reshape`: they only cut the same run of numbers into other lengths. They do
# not swap axes, even if the shape that comes out looks right.


# %% nbgrader={"schema_version": 3, "grade": false, "locked": false, "solution": true, "task": false, "grade_id": "flatten"}
def flatten_outputs(out, batch_first=False):
    """(seq, batch, hidden), or (batch, seq, hidden) if batch_first, as (seq * batch, hidden).

    Row t * batch + b is step t of sample b.
    """
    ### BEGIN SOLUTION
    if batch_first:
        out = out.transpose(0, 1)
    return out.flatten(0, 1)
    ### END SOLUTION


def flatten_labels(labels, batch_first=False):
    """(seq, batch), or (batch, seq) if batch_first, as (seq * batch,), in the same order."""
    ### BEGIN SOLUTION
    if batch_first:
        labels = labels.transpose(0, 1)
    return labels.flatten()
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": false, "locked": true, "solution": false, "task": false, "grade_id": "demo-flatten"}
if __name__ == "__main__":
    labels = torch.tensor([[0, 10], [1, 11], [2, 12]])  # (seq, batch)
    twin = labels.T  # the same two samples as (batch, seq)
    print("time first:  ", flatten_labels(labels).tolist())
    print("batch first: ", flatten_labels(twin, batch_first=True).tolist())
    print("the trap:    ", twin.reshape(-1).tolist())

# %% [markdown]
# ## Task 10: Read the answer (`decode`, 1 point)
#
# *Difficulty ●○○, 5 minutes*
#
# `decode(logits, idx2char)` takes `logits` of shape (seq, classes) and the list `idx2char` (as long
# as there are classes), and returns a **str** of length seq: for each row, the character with the
# largest logit *of that row*. No row has two equal maxima. The logits may come straight from a
# model, as they do below: then they track gradients.


# %% nbgrader={"schema_version": 3, "grade": false, "locked": false, "solution": true, "task": false, "grade_id": "decode"}
def decode(logits, idx2char):
    """The most likely character of each row of logits (seq, classes), as one str."""
    ### BEGIN SOLUTION
    return "".join(idx2char[idx] for idx in logits.argmax(dim=1).tolist())
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": false, "locked": true, "solution": false, "task": false, "grade_id": "demo-decode"}
if __name__ == "__main__":
    logits = torch.tensor([[0.1, 0.9, -0.3], [-0.2, -0.9, -0.1]])
    print(decode(logits, ["a", "h", "i"]))

# %% [markdown]
# # 7. The word, step by step: nn.RNNCell
#
# Time to put it all together. Give the cell as many hidden units as there are letters: then the
# hidden state of each step can *be* the logits of that step, with no layer in between. That is a
# bit daring, for the same four numbers have to be both memory and answer. But it works, and all of
# it is 40 parameters (your task 1 agrees).
#
# One epoch of training:
#
# ```
# start from zeros ->  step through the word, adding up each step's loss  ->  backward  ->  update
# ```
#
# Because the losses of all steps are added up before `backward()`, the gradient travels back
# through the whole word: an error at the second `l` can change how the `h` was remembered. This is
# called *back-propagation through time*. Autograd does it for you, so long as you do not cut the
# graph.

# %% [markdown]
# ## Task 11: A model around the cell (`cell_model`, 5 points)
#
# *Difficulty ●●●, 25 minutes*
#
# **`class CellModel(nn.Module)`.** `__init__` is given: it makes `self.rnncell`, and keeps
# `batch_size` and `hidden_size`. You write
#
# - `init_hidden()`: the state before the first step, float32 zeros of shape **(batch, hidden)**,
#   with the model's own `batch_size` and `hidden_size`;
# - `forward(input, hidden)`: *one* step. From (batch, input) and (batch, hidden) to the new hidden
#   state **(batch, hidden)**, exactly as the cell gives it: no softmax.
#
# **`train_cell_model(model, inputs, labels, lr, epochs)`** trains a `CellModel` in place. `inputs`
# are (seq, batch, input); `labels` are (seq, batch), int64. The batch is the model's `batch_size`.
#
# - **Optimizer**: one `torch.optim.Adam` for all parameters of the model, created once, with
#   learning rate `lr` and otherwise default options.
# - **Every epoch** starts from `init_hidden()`, runs through all steps, and makes one update.
#   Gradients of earlier epochs must not pile up. The hidden state of a step goes into the next one
#   without `detach`.
# - **Loss** of an epoch: the cross-entropy of each step (the mean over the batch, as
#   `F.cross_entropy` computes it) **summed over the steps**.
# - **Return** a list of plain Python floats, one for each epoch: the loss as it was **before that
#   epoch's update**.
# - Exactly `epochs` epochs: no early stopping, no gradient clipping, no learning rate schedule. Set
#   no seed and leave the initial weights alone.
# - The model stays as it is but for the values of its weights: float32, and ready to be trained on.
#
# You need not fear bad luck: the grader puts its own starting weights into your model and follows
# the training from there. It finds them by PyTorch's names (`weight_ih`, `weight_hh`, `bias_ih`,
# `bias_hh`), which you have as long as there is an `nn.RNNCell` inside.


# %% nbgrader={"schema_version": 3, "grade": false, "locked": false, "solution": true, "task": false, "grade_id": "cell_model"}
class CellModel(nn.Module):
    """One nn.RNNCell whose hidden state is the logits."""

    def __init__(self, input_size, hidden_size, batch_size):
        super().__init__()
        self.batch_size = batch_size
        self.hidden_size = hidden_size
        self.rnncell = nn.RNNCell(input_size, hidden_size)

    def init_hidden(self):
        """The state before the first step: zeros (batch, hidden)."""
        ### BEGIN SOLUTION
        return torch.zeros(self.batch_size, self.hidden_size)
        ### END SOLUTION

    def forward(self, input, hidden):
        """One step: input (batch, input), hidden (batch, hidden). Returns (batch, hidden)."""
        ### BEGIN SOLUTION
        return self.rnncell(input, hidden)
        ### END SOLUTION


def train_cell_model(model, inputs, labels, lr, epochs):
    """Train a CellModel in place with Adam.

    inputs: (seq, batch, input), labels: int64 (seq, batch). Returns one float for each epoch: the
    cross-entropy summed over the steps, before that epoch's update.
    """
    ### BEGIN SOLUTION
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        hidden = model.init_hidden()
        loss = 0.0
        for x, label in zip(inputs, labels, strict=True):
            hidden = model(x, hidden)
            loss = loss + F.cross_entropy(hidden, label)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
    ### END SOLUTION


# %% [markdown]
# Now watch it learn. Everything below is yours: the dictionary, the vectors, the loop, the decoder.
# The seed is set anew for each line, so all lines begin with the same weights and show one and the
# same training, stopped earlier or later. (The loss is the one before the last update, the answer
# the one after it.)

# %% nbgrader={"schema_version": 3, "grade": false, "locked": true, "solution": false, "task": false, "grade_id": "demo-cell_model"}
if __name__ == "__main__":
    idx2char, char2idx = build_vocab("hello")
    rows = one_hot(encode("hello", char2idx), len(idx2char))
    inputs = to_inputs(rows, batch_size=1)  # (5, 1, 4)
    labels = encode("ohlol", char2idx).reshape(-1, 1)  # (5, 1)

    print("epochs   loss   hello becomes")
    for epochs in (1, 5, 10, 20, 50, 100):
        torch.manual_seed(5)
        model = CellModel(input_size=4, hidden_size=4, batch_size=1)
        losses = train_cell_model(model, inputs, labels, lr=0.05, epochs=epochs)
        out, _ = run_cell(model.rnncell, inputs, model.init_hidden())
        print(f"{epochs:6}  {losses[-1]:5.3f}   {decode(flatten_outputs(out), idx2char)}")

# %% [markdown]
# Look at the lines that say `ohlll`. Everything is right but the second `l`: what can be learned
# without memory is learned first, and memory comes last.
#
# And why does the loss not go to 0? `tanh` keeps the logits within (-1, 1), so even the best answer
# can be only so sure of itself: log(1 + 3e⁻²) = 0.341 for a letter, 1.704 for five.

# %% [markdown]
# # 8. The word at one go: nn.RNN
#
# The same network, with PyTorch's loop in place of yours. `nn.RNN` takes the whole sequence, so the
# model can give back all logits at once, flattened and ready for one call of cross-entropy. If you
# pass no initial state, `nn.RNN` starts from zeros.

# %% [markdown]
# ## Task 12: A model around nn.RNN (`rnn_model`, 5 points)
#
# *Difficulty ●●○, 15 minutes*
#
# **`class RNNModel(nn.Module)`.** `__init__` is given: it makes `self.rnn`, and keeps `batch_size`,
# `hidden_size` and `num_layers`. You write
#
# - `forward(inputs)`: from (seq, batch, input) to the top layer's states at all steps, started from
#   zeros, as **(seq * batch, hidden)**. Row `t * batch + b` is step t of sample b. No softmax. Any
#   `num_layers`; and flatten here once more, do not call task 9.
#
# **`train_rnn_model(model, inputs, labels, lr, epochs)`** trains an `RNNModel` in place. `inputs`
# are (seq, batch, input); `labels` are **(seq * batch,)**, int64, in the order of forward's rows.
# The batch is the model's `batch_size`.
#
# - **Optimizer**: one `torch.optim.Adam` for all parameters of the model, created once, with
#   learning rate `lr` and otherwise default options.
# - **Every epoch** runs forward once and makes one update. Gradients of earlier epochs must not
#   pile up.
# - **Loss** of an epoch: the **mean** cross-entropy over all seq * batch rows, as `F.cross_entropy`
#   computes it. (Not the sum over the steps, as in task 11.)
# - **Return** a list of plain Python floats, one for each epoch: the loss as it was **before that
#   epoch's update**.
# - Exactly `epochs` epochs: no early stopping, no gradient clipping, no learning rate schedule. Set
#   no seed and leave the initial weights alone.
# - The model stays as it is but for the values of its weights: float32, and ready to be trained on.
#
# The grader supplies the starting weights here as well. It finds them by PyTorch's names
# (`weight_ih_l0`, `weight_hh_l0`, `bias_ih_l0`, `bias_hh_l0`, then `_l1` and so on).


# %% nbgrader={"schema_version": 3, "grade": false, "locked": false, "solution": true, "task": false, "grade_id": "rnn_model"}
class RNNModel(nn.Module):
    """An nn.RNN whose top layer's states are the logits."""

    def __init__(self, input_size, hidden_size, batch_size, num_layers=1):
        super().__init__()
        self.batch_size = batch_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.rnn = nn.RNN(input_size, hidden_size, num_layers=num_layers)

    def forward(self, inputs):
        """All steps: inputs (seq, batch, input). Returns (seq * batch, hidden)."""
        ### BEGIN SOLUTION
        out, _ = self.rnn(inputs)
        return out.reshape(-1, self.hidden_size)
        ### END SOLUTION


def train_rnn_model(model, inputs, labels, lr, epochs):
    """Train an RNNModel in place with Adam.

    inputs: (seq, batch, input), labels: int64 (seq * batch,). Returns one float for each epoch:
    the mean cross-entropy, before that epoch's update.
    """
    ### BEGIN SOLUTION
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        loss = F.cross_entropy(model(inputs), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": false, "locked": true, "solution": false, "task": false, "grade_id": "demo-rnn_model"}
if __name__ == "__main__":
    idx2char, char2idx = build_vocab("hello")
    rows = one_hot(encode("hello", char2idx), len(idx2char))
    inputs = to_inputs(rows, batch_size=1)  # (5, 1, 4)
    labels = encode("ohlol", char2idx)  # (5,)

    print("epochs   loss   hello becomes")
    for epochs in (1, 5, 10, 20, 50, 100):
        torch.manual_seed(5)
        model = RNNModel(input_size=4, hidden_size=4, batch_size=1)
        losses = train_rnn_model(model, inputs, labels, lr=0.05, epochs=epochs)
        print(f"{epochs:6}  {losses[-1]:5.3f}   {decode(model(inputs), idx2char)}")

# %% [markdown]
# Compare with the table of task 11: the same answers, and losses five times smaller (a mean over
# five steps instead of their sum). The seed gave both models the same weights; and Adam, which
# divides each gradient by its own typical size, does not care about a constant factor.
#
# ## Luck
#
# Seed 5 was picked because it works. Not every seed does:

# %% nbgrader={"schema_version": 3, "grade": false, "locked": true, "solution": false, "task": false, "grade_id": "demo-luck"}
if __name__ == "__main__":
    arrived = 0
    for seed in range(20):
        torch.manual_seed(seed)
        model = RNNModel(input_size=4, hidden_size=4, batch_size=1)
        losses = train_rnn_model(model, inputs, labels, lr=0.05, epochs=100)
        answer = decode(model(inputs), idx2char)
        arrived += answer == "ohlol"
        if answer != "ohlol":
            print(f"seed {seed:2} is stuck at {answer}, loss {losses[-1]:.3f}")
    print(f"{arrived} of 20 seeds arrive at ohlol")

# %% [markdown]
# Twenty seeds are few. Of the first 300, 41 get stuck: about one in seven. Training longer hardly
# helps (39 after 200 epochs): two letters are tied at one of the steps, `tanh` is saturated, and
# next to no gradient comes through. A stuck run shows in its loss, near 0.44 instead of 0.34. So if
# a run of *yours* ends in `ohlll`, your code may be perfectly right: change the seed, and let
# `ohlol check` be the judge.
#
# # Where to go from here
#
# - **Free the memory.** Make the state the memory only, and let an `nn.Linear(hidden_size, 4)` turn
#   it into logits. With 8 hidden units and this layer, none of 100 seeds got stuck.
#   `train_rnn_model` trains such a model as it is.
# - **Your own pair of words.** Which pairs are hard? Which could a plain `nn.Linear` learn?
# - **Two words in one batch**, `batch_size=2`. Remember who stands in row `t * batch + b`.
# - **`nn.Embedding` in place of one-hot vectors**: it looks up a learned vector by its index.
# - **`nn.LSTM` and `nn.GRU`** in place of `nn.RNN`. Repeat the knock of part 3 with them, over a
#   hundred steps. (An LSTM carries two states instead of one.)
# - **Let it write.** Train on a page of text with the labels one letter ahead of the inputs; then
#   feed each predicted letter back in as the next input.
