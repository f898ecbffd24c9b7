"""`python -m xkit_operator.cli`: the same as `xkit`, where no script is installed."""

from xkit_operator.cli import main

if __name__ == "__main__":
    main(prog_name="xkit")
