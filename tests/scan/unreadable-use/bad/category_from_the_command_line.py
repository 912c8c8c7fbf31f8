"""The category is an argument of the command line."""

import argparse

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data_category")
    arguments = parser.parse_args()
    gate.check(arguments.data_category, "analyse_to_improve")  # finds: unreadable-use


if __name__ == "__main__":
    main()
