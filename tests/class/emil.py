import torch
import torch.nn as nn
import torch.nn.functional as F


def linearParameters(inFeatures, outFeatures):
    return inFeatures * outFeatures + outFeatures


def conv2dParameters(inChannels, outChannels, kernelSize):
    return inChannels * outChannels * kernelSize**2 + outChannels


def rnnParameters(inputSize, hiddenSize, numLayers=1):
    first = hiddenSize * (inputSize + hiddenSize + 2)
    return first + (numLayers - 1) * hiddenSize * (2 * hiddenSize + 2)


def rnn_cell_step(x, h, W_ih, W_hh, b_ih, b_hh):
    return torch.tanh(x @ W_ih.T + b_ih + h @ W_hh.T + b_hh)


def runCell(cell, inputs, hidden):
    outputs = []
    for x in inputs:
        hidden = cell(x, hidden)
        outputs.append(hidden)
    return torch.stack(outputs), hidden


def rnn_shape(seq_len, batch_size, input_size, hidden_size, num_layers):
    return (seq_len, batch_size, hidden_size), (num_layers, batch_size, hidden_size)


def RUN_LAYERS(cells, inputs, hidden):
    last = []
    for cell, h in zip(cells, hidden):
        steps = []
        for x in inputs:
            h = cell(x, h)
            steps.append(h)
        inputs = torch.stack(steps)
        last.append(h)
    return inputs, torch.stack(last)


def build_vocabulary(text):
    idx2char = sorted(set(text))
    return idx2char, {c: i for i, c in enumerate(idx2char)}


def encode_text(text, char2idx):
    return torch.tensor([char2idx[c] for c in text])


def oneHot(indices, numClasses):
    return F.one_hot(indices, numClasses).float()


def to_inputs(rows, batch):
    return rows.view(-1, batch, rows.shape[1])


class Flattener:
    def flatten_outputs(self, out, batch_first=False):
        return (out.transpose(0, 1) if batch_first else out).reshape(-1, out.shape[2])

    def flatten_labels(self, labels, batch_first=False):
        return (labels.t() if batch_first else labels).reshape(-1)


def Decode(logits, idx2char):
    return "".join(idx2char[i] for i in logits.argmax(1))


class Cellmodel(nn.Module):
    def __init__(self, input_size, hidden_size, batch_size):
        super().__init__()
        self.batch_size, self.hidden_size = batch_size, hidden_size
        self.rnncell = nn.RNNCell(input_size, hidden_size)

    def init_hidden(self):
        return torch.zeros(self.batch_size, self.hidden_size)

    def forward(self, input, hidden):
        return self.rnncell(input, hidden)


class RNNModel(nn.Module):
    def __init__(self, input_size, hidden_size, batch_size, num_layers=1):
        super().__init__()
        self.rnn = nn.RNN(input_size, hidden_size, num_layers)

    def forwards(self, inputs):
        out, _ = self.rnn(inputs)
        return out.flatten(0, 1)
