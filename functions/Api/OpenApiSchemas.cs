using System.Numerics;
using Dweb.Core.Protocol;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Dweb.Functions.Api;

/// <summary>Says in the OpenAPI document how ids, addresses, signatures and amounts look on the wire.</summary>
internal sealed class OpenApiSchemas : IOpenApiSchemaTransformer
{
    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        string? pattern =
            context.JsonTypeInfo.Type == typeof(Hash32) ? "^0x[0-9a-f]{64}$"
            : context.JsonTypeInfo.Type == typeof(EvmAddress) ? "^0x[0-9a-fA-F]{40}$"
            : context.JsonTypeInfo.Type == typeof(EvmSignature) ? "^0x[0-9a-f]{130}$"
            : context.JsonTypeInfo.Type == typeof(BigInteger) ? "^[0-9]+$"
            : null;
        if (pattern is not null)
        {
            schema.Type = JsonSchemaType.String;
            schema.Pattern = pattern;
        }

        return Task.CompletedTask;
    }
}
