namespace Dweb.Cli.Tests.Running;

/// <summary>Deployment files of contracts that are nowhere.</summary>
internal static class Deployments
{
    public static string Text(ulong chainId) =>
        $$"""
        {
          "chainId": {{chainId}},
          "block": 0,
          "contracts": {
            "DwebToken": "0x0000000000000000000000000000000000000001",
            "CodeRegistry": "0x0000000000000000000000000000000000000002",
            "ContainerRegistry": "0x0000000000000000000000000000000000000003",
            "CoeRegistry": "0x0000000000000000000000000000000000000004",
            "SchedulerCommittee": "0x0000000000000000000000000000000000000005",
            "RoyaltyPool": "0x0000000000000000000000000000000000000006",
            "LeaseBook": "0x0000000000000000000000000000000000000007",
            "CoeOsRegistry": "0x0000000000000000000000000000000000000009",
            "ProtocolSettings": "0x000000000000000000000000000000000000000a",
            "DaoFactory": "0x000000000000000000000000000000000000000b"
          },
          "treasury": "0x0000000000000000000000000000000000000008"
        }
        """;
}
