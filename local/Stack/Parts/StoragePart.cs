using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Dweb.Local.Layout;
using Dweb.Local.Processes;

namespace Dweb.Local.Stack.Parts;

/// <summary>Tables, queues and blobs: Azurite. Its account and key are made for each start.</summary>
/// <param name="name">Of the part and of its data folder.</param>
internal sealed class StoragePart(Repository repository, StateFolder state, Addresses addresses, string name = "azurite")
{
    private const string Account = "dweb";
    private readonly string _key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(64));

    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={_key};" +
        $"BlobEndpoint={Addresses.Url(addresses.Blobs)}/{Account};QueueEndpoint={Addresses.Url(addresses.Queues)}/{Account};TableEndpoint={Addresses.Url(addresses.Tables)}/{Account};";

    public PartPlan Plan() => new(
        name,
        new Launch(
            "node", repository.NpmBinary("azurite"),
            "--location", state.DataOf(name),
            "--blobHost", "127.0.0.1", "--blobPort", Text(addresses.Blobs),
            "--queueHost", "127.0.0.1", "--queuePort", Text(addresses.Queues),
            "--tableHost", "127.0.0.1", "--tablePort", Text(addresses.Tables),
            "--silent", "--skipApiVersionCheck", "--disableTelemetry")
        {
            Folder = state.DataOf(name),
            Environment = new Dictionary<string, string> { ["AZURITE_ACCOUNTS"] = $"{Account}:{_key}" },
        },
        IsReady)
    {
        Ports = new Dictionary<string, int> { ["blobs"] = addresses.Blobs, ["queues"] = addresses.Queues, ["tables"] = addresses.Tables },
    };

    // Unsigned questions are refused, by a service that is there.
    private async Task<bool> IsReady(CancellationToken stop)
    {
        foreach (var port in (int[])[addresses.Blobs, addresses.Queues, addresses.Tables])
        {
            if (!await HttpProbe.Answers(Addresses.Url(port) + "/" + Account, stop, HttpStatusCode.BadRequest, HttpStatusCode.Forbidden, HttpStatusCode.Unauthorized, HttpStatusCode.NotFound))
            {
                return false;
            }
        }

        return true;
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
