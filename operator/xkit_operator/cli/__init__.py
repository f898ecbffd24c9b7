"""The `xkit` command: one file per subcommand, each a thin shell around functions that tests call directly.

Subcommands are imported when they are called: `xkit --help` and completions in a shell must come at once.
"""

from xkit_operator.cli.group import CommandGroup

main = CommandGroup(
    name="xkit",
    help="Write, check and run Xkit Destinations.",
    epilog="\b\nExample:\n  xkit init crm-contacts && xkit check crm-contacts",
    commands_by_name={
        "init": "Write a small working project.",
        "check": "Say all that the API server and the operator would refuse.",
        "map": "Show what a mapping makes of one record.",
        "render": "Print the final manifests, with functions from files in them.",
        "run": "Serve a Destination on this machine, and reload it on change.",
        "send": "Send records to a runner, and say what became of them.",
        "test": "Run the golden tests of a project, without a network.",
        "status": "Show Destinations in a cluster, and what to do next.",
        "logs": "Show what the Pods of a Destination say.",
        "version": "Print the versions of what is at work.",
    },
)
