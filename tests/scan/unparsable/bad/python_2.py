"""A script of Python 2."""

import sys


def main():
    print "exported", sys.argv[1]  # finds: unparsable
