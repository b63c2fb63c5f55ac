def linear_parameters(in_features, out_features):
    return in_features * out_features + out_features
