using Dweb.Chain.Signing;
using Dweb.Cli.ControlPlane;
using Dweb.Cli.Onchain;
using Dweb.Core.Manifest;
using Dweb.Core.Manifest.Secrets;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Core.Resources;

namespace Dweb.Cli.Deploying.Secrets;

/// <summary>A COE whose agent has signed a sealing key, as the chain knows that agent.</summary>
internal sealed record SecretCandidate(SecretHost Host, string Name, byte Region, PriceVector Ask);

/// <summary>COEs for which secrets can be sealed. The control plane says their sealing keys; whose they are is checked against the chain.</summary>
/// <param name="Candidates">Active ones.</param>
/// <param name="Forged">Names of COEs whose key is not signed by their agent: left out.</param>
internal sealed record SecretHosts(IReadOnlyList<SecretCandidate> Candidates, IReadOnlyList<string> Forged)
{
    public static SecretHosts None { get; } = new([], []);

    /// <param name="only">Names or ids of the COEs that may be taken; all where there is none.</param>
    /// <exception cref="DwebException">A name fits none, or more than one.</exception>
    public static async Task<SecretHosts> FindAsync(DwebChain chain, ControlPlaneClient api, IReadOnlyList<string> only, CancellationToken cancellationToken)
    {
        var views = await api.GetAsync("/api/coes", DwebJson.Default.IReadOnlyListCoeView, null, cancellationToken);
        var wanted = only.Select(name => NameResolution.Resolve(name, "COE", views, static view => view.Coe, static view => view.Name)).Select(static view => view.Coe).ToHashSet();
        var candidates = new List<SecretCandidate>();
        var forged = new List<string>();
        foreach (var view in views.Where(view => view.Sealing is not null && (wanted.Count == 0 || wanted.Contains(view.Coe))))
        {
            var coe = await chain.Coes.CoeOfAsync(view.Coe, cancellationToken: cancellationToken);
            if (!IsSigned(view.Coe, view.Sealing!, coe.Agent, chain.DomainOf(chain.Addresses.LeaseBook)))
            {
                forged.Add(view.Name);
            }
            else if ((CoeStatus)coe.Status == CoeStatus.Active)
            {
                candidates.Add(new SecretCandidate(new SecretHost(view.Coe, view.Sealing!.Key), coe.Name, coe.Region, PriceVector.FromList(coe.Ask)));
            }
        }

        return new SecretHosts(candidates, forged);
    }

    /// <summary>Those that may run a service; the cheapest, where there are more than one list may have.</summary>
    /// <exception cref="DwebException">None may.</exception>
    public IReadOnlyList<SecretCandidate> For(ServicePlan service)
    {
        List<SecretCandidate> able =
        [
            .. Candidates.Where(candidate => Region.Allows(service.RegionMask, candidate.Region))
                .OrderBy(candidate => candidate.Ask.PerSecond(service.Reserved)).ThenBy(static candidate => candidate.Host.Coe).Take(PlacementPreferences.Most),
        ];
        return able.Count > 0 ? able : throw new DwebException(
            Catalogue.SecretsNoHost,
            $"Of {Candidates.Count} COEs that take secrets none is in a region that service '{service.Name}' allows"
            + $"{(Forged.Count > 0 ? $"; the keys of {string.Join(", ", Forged)} are not signed by their agents" : "")}.",
            $"services.{service.Name}.secrets");
    }

    internal static bool IsSigned(Hash32 coe, SealingKeyDocument said, EvmAddress agent, TypedDataDomain book) =>
        Secp256k1.Recover(book.Digest(new SealingKey(coe, said.Key).StructHash()), said.Signature) == agent;
}
