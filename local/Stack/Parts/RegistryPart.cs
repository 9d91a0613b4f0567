using System.Net;
using Dweb.Local.Layout;
using Dweb.Local.Processes;

namespace Dweb.Local.Stack.Parts;

/// <summary>The image registry: CNCF Distribution, which believes tokens that the control plane signs.</summary>
internal sealed class RegistryPart(StateFolder state, Addresses addresses)
{
    public const string Service = "dweb-registry";
    public const string Issuer = "dweb";
    private const string Name = "registry";

    /// <summary>Folder of the key that signs tokens and of its certificate.</summary>
    public string KeyFolder => Path.Combine(state.Root, "registry-key");

    public string TokenKey => Path.Combine(KeyFolder, "registry.key.pem");

    public string TokenCertificate => Path.Combine(KeyFolder, "registry.cert.pem");

    public PartPlan Plan() => new(
        Name,
        new Launch("docker-registry", "serve", WriteConfiguration())
        {
            Environment = new Dictionary<string, string> { ["OTEL_TRACES_EXPORTER"] = "none" },
        },
        stop => HttpProbe.Answers(addresses.RegistryUrl + "/v2/", stop, HttpStatusCode.Unauthorized))
    {
        Ports = new Dictionary<string, int> { ["http"] = addresses.Registry },
    };

    private string WriteConfiguration()
    {
        var file = Path.Combine(state.Root, "registry.yml");
        File.WriteAllText(file, $"""
            version: 0.1
            log:
              level: warn
              accesslog:
                disabled: true
            storage:
              cache:
                blobdescriptor: inmemory
              filesystem:
                rootdirectory: "{state.DataOf(Name)}"
              delete:
                enabled: true
            http:
              addr: {addresses.RegistryName}
            auth:
              token:
                realm: {addresses.Endpoint}/registry/token
                service: {Service}
                issuer: {Issuer}
                rootcertbundle: "{TokenCertificate}"

            """);
        return file;
    }
}
