"""Checks of `hello_rnn`: what each function must do, for any sizes.

torch itself is the oracle; nothing here uses the solution.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from autograder import (
    Mismatch,
    close,
    points,
    raises,
    repeatable,
    same_form,
    same_gradients,
    task,
    unchanged_arguments,
)
from autograder.convergence import (
    Instance,
    convergence_instance,
    converges,
    follows_trajectory,
    fresh_pair,
    long_trajectory_instance,
    trajectory_instance,
)
from autograder.strategies import SEEDS, cases, classes, numbers, rnn_cell, sizes, texts

few = settings(max_examples=25)

# Letters of both cases, digits, blanks, signs and other scripts: a vocabulary is of characters.
ALPHABET = "helowrdHELO 019,.!-\n\téñß你好→"


# parameter_counts


@task(
    "parameter_counts",
    points=1,
    provides=("linear_parameters", "conv2d_parameters", "rnn_parameters"),
    title="Counting parameters",
    hints=(
        "Every layer has weights and biases. Write down the shape of each tensor first, then "
        "multiply its sides and add.",
        "A convolution has one kernel of kernel_size × kernel_size for every pair of an input and "
        "an output channel, and one bias for every output channel. The size of the picture does "
        "not matter: that is the point of sharing.",
        "An RNN layer has weight_ih (hidden, input), weight_hh (hidden, hidden) and two biases "
        "(hidden,). From the second layer on, its input is the hidden state of the layer below, so "
        "input is hidden there.",
    ),
)
class TestParameterCounts:
    @points(0.25)
    @given(in_features=st.integers(1, 200), out_features=st.integers(1, 200))
    def test_linear(self, student: Any, in_features: int, out_features: int) -> None:
        """A linear layer has a weight for every pair of features, and its biases."""
        weights = out_features * in_features
        close(student.linear_parameters(in_features, out_features), weights + out_features)

    @points(0.25)
    @given(
        in_channels=st.integers(1, 16), out_channels=st.integers(1, 16), kernel=st.integers(1, 7)
    )
    def test_conv2d(self, student: Any, in_channels: int, out_channels: int, kernel: int) -> None:
        """A convolution shares its kernels over the whole picture."""
        weights = out_channels * in_channels * kernel**2
        close(student.conv2d_parameters(in_channels, out_channels, kernel), weights + out_channels)

    @points(0.5)
    @given(input_size=st.integers(1, 50), hidden_size=st.integers(1, 50), layers=st.integers(1, 5))
    def test_rnn(self, student: Any, input_size: int, hidden_size: int, layers: int) -> None:
        """A recurrent network shares its weights over all steps; deeper layers read hidden states."""
        first = hidden_size * (input_size + hidden_size + 2)
        deeper = hidden_size * (hidden_size + hidden_size + 2)
        if layers == 1:
            close(student.rnn_parameters(input_size, hidden_size), first)
        else:
            close(
                student.rnn_parameters(input_size, hidden_size, num_layers=layers),
                first + (layers - 1) * deeper,
            )


# rnn_cell_step


@cases
def step_arguments(batch: int, inputs: int, hidden: int, seed: int) -> tuple[Tensor, ...]:
    return (
        numbers(batch, inputs, seed=seed),
        numbers(batch, hidden, seed=seed + 1) / 2,
        numbers(hidden, inputs, seed=seed + 2) / 2,
        numbers(hidden, hidden, seed=seed + 3) / 2,
        numbers(hidden, seed=seed + 4) / 2,
        numbers(hidden, seed=seed + 5) / 2,
    )


STEPS = step_arguments(batch=sizes(), inputs=sizes(), hidden=sizes(), seed=SEEDS)


@task(
    "rnn_cell_step",
    points=2,
    title="One step of an RNN cell",
    hints=(
        "Two linear layers, one for the input and one for the old hidden state; add them, then tanh "
        "once over the sum.",
        "Look at the shapes: x is (batch, input) and w_ih is (hidden, input). What has to happen to "
        "w_ih before `@` gives (batch, hidden)?",
        "torch.tanh(x @ w_ih.T + b_ih + …): the second half looks just the same, with h, w_hh and "
        "b_hh.",
    ),
)
class TestRnnCellStep:
    @points(0.25)
    @few
    @given(case=STEPS)
    def test_shape(self, student: Any, case: tuple[Tensor, ...]) -> None:
        """The new hidden state has one row for each sample of the batch."""
        same_form(student.rnn_cell_step(*case), case[1], axes="batch hidden")

    @points(0.75, after="test_shape")
    @given(case=STEPS)
    def test_values(self, student: Any, case: tuple[Tensor, ...]) -> None:
        """The new hidden state is tanh of both linear parts together."""
        close(student.rnn_cell_step(*case), torch.rnn_tanh_cell(*case), axes="batch hidden")

    @points(0.5)
    @few
    @given(case=STEPS)
    def test_gradients(self, student: Any, case: tuple[Tensor, ...]) -> None:
        """Gradients flow back to the input, the old state, the weights and the biases."""
        same_gradients(student.rnn_cell_step, torch.rnn_tanh_cell, *case)

    @points(0.25, after="test_shape")
    @few
    @given(case=STEPS)
    def test_unchanged(self, student: Any, case: tuple[Tensor, ...]) -> None:
        """The tensors that you are given stay as they were."""
        unchanged_arguments(student.rnn_cell_step, *case)

    @points(0.25, after="test_shape")
    @few
    @given(case=STEPS)
    def test_repeatable(self, student: Any, case: tuple[Tensor, ...]) -> None:
        """The same step twice gives the same state."""
        repeatable(student.rnn_cell_step, *case)


# run_cell


@cases
def sequence_arguments(
    seq: int, batch: int, inputs: int, hidden: int, seed: int
) -> tuple[nn.RNNCell, Tensor, Tensor]:
    return (
        rnn_cell(inputs, hidden, seed=seed),
        numbers(seq, batch, inputs, seed=seed + 10),
        numbers(batch, hidden, seed=seed + 11) / 2,
    )


SEQUENCES = sequence_arguments(
    seq=sizes(), batch=sizes(), inputs=sizes(), hidden=sizes(), seed=SEEDS
)
CELL_AXES = ("seq batch hidden", "batch hidden")
CELL_NAMES = ("outputs", "the last hidden state")


def right_run(cell: nn.RNNCell, inputs: Tensor, hidden: Tensor) -> tuple[Tensor, Tensor]:
    """Row by row with torch's own kernel."""
    outputs = []
    for x in inputs:
        hidden = torch.rnn_tanh_cell(
            x, hidden, cell.weight_ih, cell.weight_hh, cell.bias_ih, cell.bias_hh
        )
        outputs.append(hidden)
    return torch.stack(outputs), hidden


@task(
    "run_cell",
    points=3,
    title="A cell over a sequence",
    hints=(
        "Walk over the steps of the sequence; at each, the cell makes a new hidden state from the "
        "input of that step and the hidden state of the step before.",
        "`for x in inputs` gives one (batch, input) tensor for each step. Give the cell's result "
        "back to the variable that the next step reads, and keep it in a list.",
        "torch.stack puts a list of (batch, hidden) tensors on a new first axis: "
        "(seq, batch, hidden).",
    ),
)
class TestRunCell:
    @points(0.5)
    @few
    @given(case=SEQUENCES)
    def test_shape(self, student: Any, case: tuple[nn.RNNCell, Tensor, Tensor]) -> None:
        """You return all outputs and the last hidden state, with their axes in order."""
        same_form(student.run_cell(*case), right_run(*case), axes=CELL_AXES, names=CELL_NAMES)

    @points(1.25, after="test_shape")
    @given(case=SEQUENCES)
    def test_values(self, student: Any, case: tuple[nn.RNNCell, Tensor, Tensor]) -> None:
        """Each step starts from the hidden state that the step before it left."""
        close(student.run_cell(*case), right_run(*case), axes=CELL_AXES, names=CELL_NAMES)

    @points(0.5)
    @few
    @given(case=SEQUENCES)
    def test_gradients(self, student: Any, case: tuple[nn.RNNCell, Tensor, Tensor]) -> None:
        """Gradients flow back through every step to the inputs, the first state and the weights."""
        same_gradients(student.run_cell, right_run, *case)

    @points(0.5, after="test_shape")
    @few
    @given(case=SEQUENCES)
    def test_unchanged(self, student: Any, case: tuple[nn.RNNCell, Tensor, Tensor]) -> None:
        """The cell, the inputs and the first hidden state stay as they were."""
        unchanged_arguments(student.run_cell, *case)

    @points(0.25, after="test_shape")
    @few
    @given(case=SEQUENCES)
    def test_repeatable(self, student: Any, case: tuple[nn.RNNCell, Tensor, Tensor]) -> None:
        """The same sequence twice gives the same result."""
        repeatable(student.run_cell, *case)


# rnn_shapes


@task(
    "rnn_shapes",
    points=1,
    title="Shapes of out and hidden",
    hints=(
        "`out` has the top layer's state at every step; `hidden` has every layer's state at the "
        "last step. Which axes does each need?",
        "One of the five sizes appears in neither shape: what comes in is gone once the layer has "
        "read it.",
    ),
)
class TestRnnShapes:
    SIZES = st.tuples(*[st.integers(1, 9)] * 5)

    @points(0.5)
    @given(case=SIZES)
    def test_out(self, student: Any, case: tuple[int, int, int, int, int]) -> None:
        """The shape of out: the top layer at every step."""
        close(_pair(student.rnn_shapes(*case))[0], _shapes(*case)[0])

    @points(0.5)
    @given(case=SIZES)
    def test_hidden(self, student: Any, case: tuple[int, int, int, int, int]) -> None:
        """The shape of hidden: every layer at the last step."""
        close(_pair(student.rnn_shapes(*case))[1], _shapes(*case)[1])


def _shapes(
    seq_len: int, batch_size: int, input_size: int, hidden_size: int, num_layers: int
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return (seq_len, batch_size, hidden_size), (num_layers, batch_size, hidden_size)


def _pair(value: Any) -> Any:
    """The value, known to be two of something."""
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        close(value, ("the shape of out", "the shape of hidden"), axes=(), names=("out", "hidden"))
    return value


# run_layers


@cases
def layer_arguments(
    layers: int, seq: int, batch: int, inputs: int, hidden: int, seed: int
) -> tuple[list[nn.RNNCell], Tensor, Tensor]:
    cells = [
        rnn_cell(hidden if layer else inputs, hidden, seed=seed + 20 * layer)
        for layer in range(layers)
    ]
    return (
        cells,
        numbers(seq, batch, inputs, seed=seed + 10),
        numbers(layers, batch, hidden, seed=seed + 11) / 2,
    )


LAYERS = layer_arguments(
    layers=sizes(high=3), seq=sizes(high=4), batch=sizes(high=4), inputs=sizes(high=4),
    hidden=sizes(high=4), seed=SEEDS,
)  # fmt: skip
LAYER_AXES = ("seq batch hidden", "layers batch hidden")
LAYER_NAMES = ("out", "hidden")


def right_layers(cells: list[nn.RNNCell], inputs: Tensor, hidden: Tensor) -> tuple[Tensor, Tensor]:
    last = []
    for cell, state in zip(cells, hidden, strict=True):
        inputs, state = right_run(cell, inputs, state)
        last.append(state)
    return inputs, torch.stack(last)


@task(
    "run_layers",
    points=3,
    title="Stacked layers",
    hints=(
        "The outputs of one layer, all of them, are the inputs of the layer above.",
        "Each layer has a first hidden state of its own: hidden[layer]. Keep the last one of each "
        "layer; out is what the top layer made.",
        "A loop over the layers around a loop over the steps. After the inner loop, stack the "
        "steps' states: that is the next layer's input.",
    ),
)
class TestRunLayers:
    @points(0.5)
    @few
    @given(case=LAYERS)
    def test_shape(self, student: Any, case: tuple[list[nn.RNNCell], Tensor, Tensor]) -> None:
        """You return out of the top layer and the last state of every layer."""
        same_form(
            student.run_layers(*case), right_layers(*case), axes=LAYER_AXES, names=LAYER_NAMES
        )

    @points(1.25, after="test_shape")
    @given(case=LAYERS)
    def test_values(self, student: Any, case: tuple[list[nn.RNNCell], Tensor, Tensor]) -> None:
        """The result equals that of nn.RNN with as many layers."""
        close(student.run_layers(*case), right_layers(*case), axes=LAYER_AXES, names=LAYER_NAMES)

    @points(0.5)
    @few
    @given(case=LAYERS)
    def test_gradients(self, student: Any, case: tuple[list[nn.RNNCell], Tensor, Tensor]) -> None:
        """Gradients flow back through every layer and every step."""
        same_gradients(student.run_layers, right_layers, *case)

    @points(0.5, after="test_shape")
    @few
    @given(case=LAYERS)
    def test_unchanged(self, student: Any, case: tuple[list[nn.RNNCell], Tensor, Tensor]) -> None:
        """The cells, the inputs and the first hidden states stay as they were."""
        unchanged_arguments(student.run_layers, *case)

    @points(0.25, after="test_shape")
    @few
    @given(case=LAYERS)
    def test_repeatable(self, student: Any, case: tuple[list[nn.RNNCell], Tensor, Tensor]) -> None:
        """The same sequence twice gives the same result."""
        repeatable(student.run_layers, *case)


# vocabulary

TEXTS = st.one_of(texts("helo"), texts(ALPHABET))


@cases
def encoding_arguments(text: str, others: str, seed: int) -> tuple[str, dict[str, int]]:
    """A text and a vocabulary that has its characters, and others too."""
    return text, _numbered(text + others, seed)


@cases
def unknown_arguments(text: str, unknown: int, seed: int) -> tuple[str, dict[str, int]]:
    """A text and a vocabulary that lacks one of its characters."""
    lacking = text[unknown % len(text)]
    return text, _numbered("".join(char for char in text + "helo" if char != lacking), seed)


def _numbered(text: str, seed: int) -> dict[str, int]:
    """Some index for each character; only for a third of the seeds as `build_vocab` gives them.

    Otherwise in no order, and some with gaps, as where a few indices are kept for other uses.
    """
    characters, vocabulary = _vocabulary(text)
    if seed % 3 == 0:
        return vocabulary
    count = len(characters)
    generator = torch.Generator().manual_seed(seed)
    indices = torch.randperm(count if seed % 3 == 1 else 2 * count, generator=generator).tolist()
    order = torch.randperm(count, generator=generator).tolist()
    return {characters[place]: indices[place] for place in order}


def _vocabulary(text: str) -> tuple[list[str], dict[str, int]]:
    characters = sorted(set(text))
    return characters, {char: index for index, char in enumerate(characters)}


@task(
    "vocabulary",
    points=1,
    provides=("build_vocab", "encode"),
    title="A vocabulary, and a text in it",
    hints=(
        "set(text) has every character once, in no order that you could rely on; sorted() makes it "
        "a list in a fixed order.",
        "The dictionary goes the other way: from a character to its place in that list. enumerate "
        "gives places and characters together.",
        "torch.tensor of a list of ints is int64 by itself. And a dictionary read with [] raises "
        "the right error for a character that it does not have.",
    ),
)
class TestVocabulary:
    @points(0.5)
    @given(text=TEXTS)
    def test_build_vocab(self, student: Any, text: str) -> None:
        """The distinct characters in sorted order, and the dictionary back."""
        close(student.build_vocab(text), _vocabulary(text), axes=(),
              names=("idx2char", "char2idx"))  # fmt: skip

    @points(0.25)
    @given(case=encoding_arguments(text=TEXTS, others=TEXTS, seed=SEEDS))
    def test_encode(self, student: Any, case: tuple[str, dict[str, int]]) -> None:
        """A text becomes the int64 indices that its characters have in the dictionary, in order."""
        text, char2idx = case
        close(student.encode(text, char2idx), torch.tensor([char2idx[c] for c in text]), axes="seq")
        unchanged_arguments(student.encode, text, char2idx)

    @points(0.25)
    @few
    @given(case=unknown_arguments(text=TEXTS, unknown=st.integers(0, 9), seed=SEEDS))
    def test_unknown(self, student: Any, case: tuple[str, dict[str, int]]) -> None:
        """A character that is not in the vocabulary raises KeyError."""
        raises(KeyError, student.encode, *case)


# one_hot


@cases
def index_arguments(seq: int, num_classes: int, seed: int) -> tuple[Tensor, int]:
    return classes(seq, count=num_classes, seed=seed), num_classes


INDICES = index_arguments(seq=sizes(), num_classes=sizes(), seed=SEEDS)


@task(
    "one_hot",
    points=2,
    title="One-hot vectors",
    hints=(
        "One row for each index, as wide as there are classes, all zeros but for a one in the "
        "column of that index.",
        "The width is num_classes, even if the largest index does not appear. And the result is "
        "float32, since a network will multiply it.",
        "torch.eye(n) has the one-hot vector of class i in row i. What does indexing it with a "
        "tensor of indices give?",
    ),
)
class TestOneHot:
    @points(0.5)
    @few
    @given(case=INDICES)
    def test_shape(self, student: Any, case: tuple[Tensor, int]) -> None:
        """One row for each index, one column for each class."""
        indices, num_classes = case
        right = torch.zeros(len(indices), num_classes)
        same_form(student.one_hot(*case), right, axes="seq class")

    @points(1.0, after="test_shape")
    @given(case=INDICES)
    def test_values(self, student: Any, case: tuple[Tensor, int]) -> None:
        """Every row marks its own class."""
        close(student.one_hot(*case), F.one_hot(*case).float(), axes="seq class")

    @points(0.25, after="test_shape")
    @few
    @given(case=INDICES)
    def test_unchanged(self, student: Any, case: tuple[Tensor, int]) -> None:
        """The indices stay as they were."""
        unchanged_arguments(student.one_hot, *case)

    @points(0.25, after="test_shape")
    @few
    @given(case=INDICES)
    def test_repeatable(self, student: Any, case: tuple[Tensor, int]) -> None:
        """The same indices twice give the same rows."""
        repeatable(student.one_hot, *case)


# to_inputs


@cases
def row_arguments(seq: int, batch: int, inputs: int, seed: int) -> tuple[Tensor, int]:
    return numbers(seq * batch, inputs, seed=seed), batch


ROWS = row_arguments(seq=sizes(), batch=sizes(), inputs=sizes(), seed=SEEDS)


def right_inputs(one_hot: Tensor, batch_size: int) -> Tensor:
    return one_hot.reshape(-1, batch_size, one_hot.shape[1])


@task(
    "to_inputs",
    points=1,
    title="Rows to (seq, batch, input)",
    hints=(
        "The rows are time-major: first all samples of step 0, then all samples of step 1. So the "
        "rows already stand in the right order.",
        "reshape (or view) with -1 finds the length of the sequence by itself.",
    ),
)
class TestToInputs:
    @points(0.5)
    @given(case=ROWS)
    def test_values(self, student: Any, case: tuple[Tensor, int]) -> None:
        """Row t·batch + b becomes step t of sample b."""
        close(student.to_inputs(*case), right_inputs(*case), axes="seq batch input")

    @points(0.25)
    @few
    @given(case=ROWS)
    def test_gradients(self, student: Any, case: tuple[Tensor, int]) -> None:
        """Gradients flow back to the rows."""
        same_gradients(student.to_inputs, right_inputs, *case)

    @points(0.25)
    @few
    @given(case=ROWS)
    def test_unchanged(self, student: Any, case: tuple[Tensor, int]) -> None:
        """The rows stay as they were."""
        unchanged_arguments(student.to_inputs, *case)


# flatten


@cases
def output_arguments(
    seq: int, batch: int, hidden: int, batch_first: bool, seed: int
) -> tuple[Tensor, dict[str, bool]]:
    shape = (batch, seq) if batch_first else (seq, batch)
    return numbers(*shape, hidden, seed=seed), _layout(batch_first)


@cases
def label_arguments(
    seq: int, batch: int, batch_first: bool, seed: int
) -> tuple[Tensor, dict[str, bool]]:
    shape = (batch, seq) if batch_first else (seq, batch)
    return classes(*shape, count=9, seed=seed), _layout(batch_first)


def _layout(batch_first: bool) -> dict[str, bool]:
    return {"batch_first": True} if batch_first else {}


OUTPUTS = output_arguments(
    seq=sizes(), batch=sizes(), hidden=sizes(), batch_first=st.booleans(), seed=SEEDS
)
LABELS = label_arguments(seq=sizes(), batch=sizes(), batch_first=st.booleans(), seed=SEEDS)


def right_outputs(out: Tensor, batch_first: bool = False) -> Tensor:
    return (out.transpose(0, 1) if batch_first else out).flatten(0, 1)


@task(
    "flatten",
    points=3,
    provides=("flatten_outputs", "flatten_labels"),
    title="Flattening for the loss",
    hints=(
        "Both functions must put sample b of step t into row t·batch + b, whatever the layout of "
        "what comes in.",
        "With batch_first=True the first two axes stand the other way round. Swap them, and only "
        "then flatten: reshape alone never swaps anything.",
        "transpose(0, 1), then reshape(-1, hidden) for outputs and reshape(-1) for labels.",
    ),
)
class TestFlatten:
    @points(0.5)
    @few
    @given(case=OUTPUTS)
    def test_outputs_shape(self, student: Any, case: tuple[Tensor, dict[str, bool]]) -> None:
        """Outputs become one row for each step of each sample."""
        out, layout = case
        right = right_outputs(out, **layout)
        same_form(student.flatten_outputs(out, **layout), right, axes="seq*batch hidden")

    @points(1.0, after="test_outputs_shape")
    @given(case=OUTPUTS)
    def test_outputs(self, student: Any, case: tuple[Tensor, dict[str, bool]]) -> None:
        """Row t·batch + b of the outputs is step t of sample b, in both layouts."""
        out, layout = case
        close(student.flatten_outputs(out, **layout), right_outputs(out, **layout),
              axes="seq*batch hidden")  # fmt: skip

    @points(0.75)
    @given(case=LABELS)
    def test_labels(self, student: Any, case: tuple[Tensor, dict[str, bool]]) -> None:
        """Labels line up with the rows of the outputs, and stay int64."""
        labels, layout = case
        right = right_outputs(labels, **layout)
        close(student.flatten_labels(labels, **layout), right, axes="seq*batch")

    @points(0.5)
    @few
    @given(case=OUTPUTS)
    def test_gradients(self, student: Any, case: tuple[Tensor, dict[str, bool]]) -> None:
        """Gradients flow back to the outputs."""
        out, layout = case
        same_gradients(student.flatten_outputs, right_outputs, out, **layout)

    @points(0.25, after="test_outputs_shape")
    @few
    @given(outputs=OUTPUTS, labels=LABELS)
    def test_unchanged(
        self,
        student: Any,
        outputs: tuple[Tensor, dict[str, bool]],
        labels: tuple[Tensor, dict[str, bool]],
    ) -> None:
        """Outputs and labels stay as they were."""
        unchanged_arguments(student.flatten_outputs, outputs[0], **outputs[1])
        unchanged_arguments(student.flatten_labels, labels[0], **labels[1])


# decode


@cases
def logit_arguments(seq: int, num_classes: int, seed: int) -> tuple[Tensor, list[str]]:
    """Rows without a tie for the largest, and a vocabulary in some order.

    Rows lie at heights of their own, many of them below zero: the largest number of a row is
    nothing special in the whole.
    """
    generator = torch.Generator().manual_seed(seed)
    ranks = torch.rand(seq, num_classes, generator=generator).argsort(1)
    heights = torch.randint(-12, 7, (seq, 1), generator=generator)
    scales = torch.randint(1, 4, (seq, 1), generator=generator)
    logits = (ranks * scales + heights).float() / 10
    order = torch.randperm(len(ALPHABET), generator=generator)[:num_classes]
    return logits, [ALPHABET[index] for index in order.tolist()]


LOGITS = logit_arguments(seq=sizes(), num_classes=sizes(), seed=SEEDS)


def right_text(logits: Tensor, idx2char: list[str]) -> str:
    return "".join(idx2char[index] for index in logits.argmax(1).tolist())


@task(
    "decode",
    points=1,
    title="Logits to text",
    hints=(
        "In each row, the column with the largest number is the guess. torch.argmax finds columns: "
        "along which axis?",
        "One character for each row: look each column up in idx2char, and join.",
    ),
)
class TestDecode:
    @points(0.5)
    @given(case=LOGITS)
    def test_values(self, student: Any, case: tuple[Tensor, list[str]]) -> None:
        """The most likely character of each row, in order."""
        close(student.decode(*case), right_text(*case))

    @points(0.25, after="test_values")
    @few
    @given(case=LOGITS)
    def test_of_a_model(self, student: Any, case: tuple[Tensor, list[str]]) -> None:
        """Logits may come straight from a model, which tracks gradients."""
        close(student.decode.ask("gradients", case, {}).value, right_text(*case))

    @points(0.25)
    @few
    @given(case=LOGITS)
    def test_unchanged(self, student: Any, case: tuple[Tensor, list[str]]) -> None:
        """The logits and the vocabulary stay as they were."""
        unchanged_arguments(student.decode, *case)


# cell_model


@cases
def cell_model_arguments(
    batch: int, inputs: int, hidden: int, seed: int
) -> tuple[nn.RNNCell, Tensor, Tensor]:
    return (
        rnn_cell(inputs, hidden, seed=seed),
        numbers(batch, inputs, seed=seed + 10),
        numbers(batch, hidden, seed=seed + 11) / 2,
    )


CELL_MODELS = cell_model_arguments(batch=sizes(), inputs=sizes(), hidden=sizes(), seed=SEEDS)


def _cell_model(student: Any, cell: nn.RNNCell, batch: int) -> Any:
    return student.CellModel.build(cell.input_size, cell.hidden_size, batch, weights=_weights(cell))


def _weights(module: nn.Module) -> dict[str, Tensor]:
    return {name: weight.detach() for name, weight in module.named_parameters()}


@task(
    "cell_model",
    points=5,
    provides=("CellModel", "train_cell_model"),
    title="A model around RNNCell",
    hints=(
        "The cell does all the work in forward; init_hidden makes the zeros that the first step "
        "starts from, one row for each sample.",
        "Training: zero_grad, walk over the steps and add up their losses, backward, step. In that "
        "order, once for each epoch.",
        "The optimiser is made once, before the loop over the epochs; the hidden state is made anew "
        "at the start of each epoch, and never inside the walk over the steps.",
    ),
)
class TestCellModel:
    @points(0.5)
    @few
    @given(case=CELL_MODELS)
    def test_init_hidden(self, student: Any, case: tuple[nn.RNNCell, Tensor, Tensor]) -> None:
        """init_hidden gives zeros, one row for each sample."""
        cell, _, hidden = case
        model = _cell_model(student, cell, len(hidden))
        close(model.init_hidden(), torch.zeros_like(hidden), axes="batch hidden")

    @points(0.75)
    @given(case=CELL_MODELS)
    def test_forward(self, student: Any, case: tuple[nn.RNNCell, Tensor, Tensor]) -> None:
        """forward is one step of the cell."""
        cell, x, hidden = case
        model = _cell_model(student, cell, len(hidden))
        close(model.forward(x, hidden), cell(x, hidden).detach(), axes="batch hidden")

    @points(0.25)
    @few
    @given(case=CELL_MODELS)
    def test_forward_gradients(self, student: Any, case: tuple[nn.RNNCell, Tensor, Tensor]) -> None:
        """Gradients flow back through forward to the cell's weights."""
        cell, x, hidden = case
        model = _cell_model(student, cell, len(hidden))
        same_gradients(model.forward, cell, x, hidden)

    @points(1.5)
    def test_trajectory(self, student: Any, run_seed: int) -> None:
        """Each epoch adds up the losses of all steps, and Adam moves the weights once."""
        for axes in TRAJECTORIES:
            _with_second_try(student.CellModel, student.train_cell_model,
                             _trajectories(*axes, run_seed), flat=False)  # fmt: skip

    @points(1.0, after="test_trajectory")
    def test_long_trajectory(self, student: Any, run_seed: int) -> None:
        """A later epoch is like the first: no schedule, no clipping, and Adam as it is by default."""
        _with_second_try(student.CellModel, student.train_cell_model,
                         _long_trajectories(run_seed, flat=False), flat=False)  # fmt: skip

    @points(1.0, after="test_trajectory", shown_anyway=True, compared=False)
    def test_convergence(self, student: Any, run_seed: int) -> None:
        """Trained, the model turns "hello" into "ohlol", and a fresh word into another."""
        for tries in _words(run_seed):
            converges(student.train_cell_model, student.CellModel, tries, flat=False)


# rnn_model


@cases
def rnn_model_arguments(
    layers: int, seq: int, batch: int, inputs: int, hidden: int, seed: int
) -> tuple[nn.RNN, Tensor]:
    network = nn.RNN(inputs, hidden, layers)
    with torch.no_grad():
        for index, weight in enumerate(network.parameters()):
            weight.copy_(numbers(*weight.shape, seed=seed + index) / 2)
    return network, numbers(seq, batch, inputs, seed=seed + 100)


RNN_MODELS = rnn_model_arguments(
    layers=sizes(high=3), seq=sizes(high=4), batch=sizes(high=4), inputs=sizes(high=4),
    hidden=sizes(high=4), seed=SEEDS,
)  # fmt: skip


def _rnn_model(student: Any, network: nn.RNN, batch: int) -> Any:
    args = [network.input_size, network.hidden_size, batch]
    if network.num_layers > 1:
        args.append(network.num_layers)
    return student.RNNModel.build(*args, weights=_weights(network))


def right_forward(network: nn.RNN, inputs: Tensor) -> Tensor:
    return network(inputs)[0].flatten(0, 1)


@task(
    "rnn_model",
    points=5,
    provides=("RNNModel", "train_rnn_model"),
    title="A model around nn.RNN",
    hints=(
        "nn.RNN walks over the sequence by itself and returns two things; the loss needs the first, "
        "as rows.",
        "A first hidden state of zeros has the shape (layers, batch, hidden). nn.RNN makes it by "
        "itself when you give none.",
        "Here all steps stand in one tensor, so one cross-entropy over all rows is the mean. "
        "zero_grad, forward, loss, backward, step, in each epoch.",
    ),
)
class TestRnnModel:
    @points(1.0)
    @given(case=RNN_MODELS)
    def test_forward(self, student: Any, case: tuple[nn.RNN, Tensor]) -> None:
        """forward gives one row for each step of each sample, time-major, for any depth."""
        network, inputs = case
        model = _rnn_model(student, network, inputs.shape[1])
        close(model.forward(inputs), right_forward(network, inputs).detach(),
              axes="seq*batch hidden")  # fmt: skip

    @points(0.5)
    @few
    @given(case=RNN_MODELS)
    def test_forward_gradients(self, student: Any, case: tuple[nn.RNN, Tensor]) -> None:
        """Gradients flow back through forward to the weights of every layer."""
        network, inputs = case
        model = _rnn_model(student, network, inputs.shape[1])
        same_gradients(
            model.forward, lambda given: right_forward(network, given), inputs, of=network
        )

    @points(1.5)
    def test_trajectory(self, student: Any, run_seed: int) -> None:
        """Each epoch takes the mean loss of all rows, and Adam moves the weights once."""
        for axes in TRAJECTORIES:
            _with_second_try(student.RNNModel, student.train_rnn_model,
                             _trajectories(*axes, run_seed), flat=True)  # fmt: skip

    @points(1.0, after="test_trajectory")
    def test_long_trajectory(self, student: Any, run_seed: int) -> None:
        """A later epoch is like the first: no schedule, no clipping, and Adam as it is by default."""
        _with_second_try(student.RNNModel, student.train_rnn_model,
                         _long_trajectories(run_seed, flat=True), flat=True)  # fmt: skip

    @points(1.0, after="test_trajectory", shown_anyway=True, compared=False)
    def test_convergence(self, student: Any, run_seed: int) -> None:
        """Trained, the model turns "hello" into "ohlol", and a fresh word into another."""
        for tries in _words(run_seed):
            converges(student.train_rnn_model, student.RNNModel, tries, flat=True)


# Training

TRAJECTORIES = ((5, 1, 4, 4), (6, 3, 7, 5))  # seq, batch, input and hidden size
LONG_TRAJECTORY = (4, 2, 5, 3)
TRIES = 2
"""A right procedure fails one vetted instance in millions; none fails two."""


def _trajectories(seq: int, batch: int, inputs: int, hidden: int, seed: int) -> Iterator[Instance]:
    return (trajectory_instance(seq, batch, inputs, hidden, seed + step) for step in range(TRIES))


def _long_trajectories(seed: int, *, flat: bool) -> Iterator[Instance]:
    scale = 1.0 if flat else float(LONG_TRAJECTORY[0])
    for step in range(TRIES):
        yield long_trajectory_instance(*LONG_TRAJECTORY, scale, seed + step)


def _with_second_try(build: Any, train: Any, instances: Iterable[Instance], *, flat: bool) -> None:
    failure: Mismatch | None = None
    for instance in instances:
        try:
            _follows(build, train, instance, flat=flat)
            return
        except Mismatch as mismatch:
            failure = failure or mismatch
    assert failure is not None
    raise failure


def _follows(build: Any, train: Any, instance: Any, *, flat: bool) -> None:
    (seq, batch, inputs), hidden = instance["inputs"].shape, len(instance["weights"]["bias_hh"])
    labels = instance["labels"]
    follows_trajectory(
        train,
        build.build(inputs, hidden, batch, weights=instance["weights"]),
        instance,
        labels=labels.reshape(-1) if flat else labels,
        scale=1.0 if flat else float(seq),
    )


def _words(seed: int) -> Iterator[Iterator[Instance]]:
    """hello → ohlol and a fresh pair, each with the weights of a first and of a second try."""
    for pair in (("hello", "ohlol", "ehlo"), fresh_pair(seed)):
        yield (convergence_instance(*pair, seed + step) for step in range(TRIES))
