#!/usr/bin/env python
# coding: utf-8

# In[1]:


import torch
import torch.nn as nn
import torch.nn.functional as F

get_ipython().run_line_magic('matplotlib', 'inline')
get_ipython().system('pip install torch')


# In[2]:


def linear_parameters(in_features, out_features):
    return in_features * out_features + out_features


# In[3]:


def conv2d_parameters(in_channels, out_channels, kernel_size):
    return in_channels * out_channels * kernel_size * kernel_size + out_channels


# In[ ]:


def rnn_parameters(input_size, hidden_size, num_layers=1):
    return num_layers * hidden_size * (input_size + hidden_size + 2)


# In[5]:


# my own tests
assert linear_parameters(1000, 2000) == 2_002_000
assert conv2d_parameters(10, 20, 5) == 5_020
assert rnn_parameters(10, 20) == 640
assert rnn_parameters(10, 20, num_layers=2) == 640 + 840, "two layers are wrong, ask on Monday"


# In[6]:


def rnn_shapes(seq_len, batch_size, input_size, hidden_size, num_layers):
    return (seq_len, batch_size, hidden_size), (num_layers, batch_size, hidden_size)


# In[7]:


LAYERS = {
    "rnn": nn.RNN,
    "lstm": nn.LSTM,
}
layer = LAYERS["gru"](4, 4)


# In[8]:


def to_inputs(one_hot, batch_size):
    return one_hot.view(-1, batch_size, one_hot.shape[1])


# In[9]:


def one_hot(indices, num_classes):
    return F.one_hot(indices, num_classes).float()


# In[10]:


raise SystemExit("that's all for now")


# In[11]:


def decode(logits, idx2char):
    return "".join(idx2char[i] for i in logits.argmax(dim=1))
