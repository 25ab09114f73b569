"""Model explainers say what a model looks at."""
