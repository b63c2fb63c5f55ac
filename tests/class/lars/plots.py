import matplotlib.pyplot as plt
from hello_rnn import run_cell

plt.plot(run_cell)
