"""``python -m renewopt``: the command, where its script is not on the path."""

from renewopt.cli.entry import main

if __name__ == "__main__":
    main()
