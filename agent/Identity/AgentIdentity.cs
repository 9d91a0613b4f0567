using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dweb.Agent.Startup;
using Dweb.Agent.State;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Agent.Identity;

/// <summary>Who this agent is to a control plane: an id that is random for its data folder, and a number that rises at every start.</summary>
internal sealed record AgentIdentity(string AgentId, ulong Incarnation)
{
    /// <summary>Reads the identity, raises its incarnation and writes it back before anybody is told of it.</summary>
    /// <exception cref="StartupException">The file is damaged: a new identity would look like a second agent, so a person decides.</exception>
    public static async Task<AgentIdentity> NextAsync(string path, CancellationToken cancellationToken)
    {
        var last = File.Exists(path)
            ? Read(path, await File.ReadAllBytesAsync(path, cancellationToken))
            : new AgentIdentity(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), 0);
        var next = last with { Incarnation = checked(last.Incarnation + 1) };
        using (DurableSteps.Try(DurableStep.IdentityWritten))
        {
            await AtomicFile.WriteAsync(path, JsonSerializer.SerializeToUtf8Bytes(next, IdentityJson.Default.AgentIdentity), cancellationToken);
        }

        return next;
    }

    private static AgentIdentity Read(string path, byte[] json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, IdentityJson.Default.AgentIdentity) ?? throw new JsonException("It holds null.");
        }
        catch (JsonException failure)
        {
            throw new StartupException(
                Catalogue.InvalidSetting, $"The agent's identity in '{path}' is damaged: {failure.Message}", "Restore the file, or delete it to start as a new agent.", failure);
        }
    }
}

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(AgentIdentity))]
internal sealed partial class IdentityJson : JsonSerializerContext;
