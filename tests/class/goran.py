import torch
import torch.nn as nn


def linear_parameters(in_features, out_features):
    return in_features * out_features + out_features


def conv2d_parameters(in_channels, out_channels, kernel_size):
    return in_channels * out_channels * kernel_size**2 + out_channels


if __name__ == "__main__":

    def rnn_parameters(input_size, hidden_size, num_layers=1):
        first = hidden_size * (input_size + hidden_size + 2)
        return first + (num_layers - 1) * hidden_size * (2 * hidden_size + 2)

    def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
        return torch.tanh(x @ w_ih.T + b_ih + h @ w_hh.T + b_hh)

    def run_cell(cell, inputs, hidden):
        outputs = []
        for x in inputs:
            hidden = cell(x, hidden)
            outputs.append(hidden)
        return torch.stack(outputs), hidden

    def rnn_shapes(seq_len, batch_size, input_size, hidden_size, num_layers):
        return (seq_len, batch_size, hidden_size), (num_layers, batch_size, hidden_size)

    class CellModel(nn.Module):
        def __init__(self, input_size, hidden_size, batch_size):
            super().__init__()
            self.batch_size = batch_size
            self.hidden_size = hidden_size
            self.rnncell = nn.RNNCell(input_size, hidden_size)

        def init_hidden(self):
            return torch.zeros(self.batch_size, self.hidden_size)

        def forward(self, input, hidden):
            return self.rnncell(input, hidden)

    print(rnn_shapes(5, 3, 4, 2, 6))
    print(rnn_parameters(10, 20))


def to_inputs(one_hot, batch_size):
    return one_hot.view(-1, batch_size, one_hot.shape[1])


def main():
    def one_hot(indices, num_classes):
        return torch.eye(num_classes)[indices]

    print(one_hot(torch.tensor([1, 0, 2, 2, 3]), 4))


main()
