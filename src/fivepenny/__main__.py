"""`python -m fivepenny`: the same as the command `fivepenny`."""

from fivepenny.cli.main import main

if __name__ == "__main__":
    main()
