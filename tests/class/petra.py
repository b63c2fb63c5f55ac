# Petra's homework, written in Notepad
import torch
import torch.nn as nn
import torch.nn.functional as F


def linear_parameters(in_features, out_features):
	return in_features*out_features + out_features


def conv2d_parameters(in_channels, out_channels, kernel_size):
	weights = in_channels*out_channels*kernel_size*kernel_size
	biases = out_channels
	return weights + biases


def rnn_parameters(input_size, hidden_size, num_layers=1):
	number = 0
	layer = 0
	while layer < num_layers:
		if layer == 0:
			number = number + hidden_size*input_size
		else:
			number = number + hidden_size*hidden_size
		number = number + hidden_size*hidden_size + hidden_size + hidden_size
		layer = layer + 1
	return number


def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
	a = torch.matmul(x, torch.transpose(w_ih, 0, 1)) + b_ih
	b = torch.matmul(h, torch.transpose(w_hh, 0, 1)) + b_hh
	return torch.tanh(a + b)


def run_cell(cell, inputs, hidden):
	list_of_outputs = []
	for i in range(0, inputs.shape[0]):
		x = inputs[i, :, :]
		hidden = cell(x, hidden)
		list_of_outputs.append(hidden)
	outputs = torch.stack(list_of_outputs, 0)
	return outputs, hidden


def rnn_shapes(seq_len, batch_size, input_size, hidden_size, num_layers):
	out = [seq_len, batch_size, hidden_size]
	hidden = [num_layers, batch_size, hidden_size]
	return [out, hidden]


def run_layers(cells, inputs, hidden):
	now = inputs
	ends = []
	for i in range(0, len(cells)):
		h = hidden[i]
		outs = []
		for j in range(0, now.shape[0]):
			h = cells[i](now[j], h)
			outs.append(h)
		now = torch.stack(outs)
		ends.append(h)
	return now, torch.stack(ends)


def build_vocab(text):
	idx2char = []
	for c in sorted(text):
		if c not in idx2char:
			idx2char.append(c)
	char2idx = {}
	for i in range(0, len(idx2char)):
		char2idx[idx2char[i]] = i
	return idx2char, char2idx


def encode(text, char2idx):
	result = []
	for c in text:
		if c not in char2idx:
			raise KeyError(c)
		result.append(char2idx[c])
	return torch.tensor(result, dtype=torch.int64)


def one_hot(indices, num_classes):
	result = torch.zeros(len(indices), num_classes)
	for i in range(0, len(indices)):
		result[i][indices[i]] = 1.0
	return result


def to_inputs(one_hot, batch_size):
	return one_hot.view(-1, batch_size, one_hot.shape[-1])


def flatten_outputs(out, batch_first=False):
	rows = []
	if batch_first == True:
		for t in range(0, out.shape[1]):
			for b in range(0, out.shape[0]):
				rows.append(out[b, t])
	else:
		for t in range(0, out.shape[0]):
			for b in range(0, out.shape[1]):
				rows.append(out[t, b])
	return torch.stack(rows)


def flatten_labels(labels, batch_first=False):
	rows = []
	if batch_first == True:
		for t in range(0, labels.shape[1]):
			for b in range(0, labels.shape[0]):
				rows.append(labels[b, t])
	else:
		for t in range(0, labels.shape[0]):
			for b in range(0, labels.shape[1]):
				rows.append(labels[t, b])
	return torch.stack(rows)


def decode(logits, idx2char):
	answer = ''
	for row in logits.tolist():
		answer = answer + idx2char[row.index(max(row))]
	return answer


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


def train_cell_model(model, inputs, labels, lr, epochs):
	optimizer = torch.optim.Adam(model.parameters(), lr=lr)
	losses = []
	for epoch in range(0, epochs):
		optimizer.zero_grad()
		hidden = model.init_hidden()
		loss = 0
		for i in range(0, inputs.shape[0]):
			hidden = model(inputs[i], hidden)
			loss = loss + F.cross_entropy(hidden, labels[i])
		loss.backward()
		optimizer.step()
		losses.append(loss.item())
	return losses


class RNNModel(nn.Module):
	def __init__(self, input_size, hidden_size, batch_size, num_layers=1):
		super().__init__()
		self.batch_size = batch_size
		self.hidden_size = hidden_size
		self.num_layers = num_layers
		self.rnn = nn.RNN(input_size, hidden_size, num_layers=num_layers)

	def forward(self, inputs):
		out, hidden = self.rnn(inputs)
		return out.view(out.shape[0]*out.shape[1], out.shape[2])


def train_rnn_model(model, inputs, labels, lr, epochs):
	optimizer = torch.optim.Adam(model.parameters(), lr=lr)
	losses = []
	for epoch in range(0, epochs):
		optimizer.zero_grad()
		logits = model(inputs)
		loss = F.cross_entropy(logits, labels)
		loss.backward()
		optimizer.step()
		losses.append(loss.item())
	return losses
