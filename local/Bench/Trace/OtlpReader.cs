using Google.Protobuf;

namespace Dweb.Local.Bench.Trace;

/// <summary>
/// Reads the spans of an OTLP export (<c>ExportTraceServiceRequest</c> as protobuf), as far as a table of them needs it: other fields are passed over. The field
/// numbers are those of opentelemetry-proto, which never change.
/// </summary>
internal static class OtlpReader
{
    private const string ServiceName = "service.name";

    /// <exception cref="InvalidProtocolBufferException">It is no such message.</exception>
    public static IReadOnlyList<TracedSpan> Read(byte[] export)
    {
        var spans = new List<TracedSpan>();
        foreach (var resourceSpans in Fields.Of(export).Messages(Field.ResourceSpans))
        {
            string service = resourceSpans.Messages(Field.Resource).SelectMany(static r => Attributes(r, Field.ResourceAttributes))
                .FirstOrDefault(static attribute => attribute.Key == ServiceName).Value ?? "";
            spans.AddRange(resourceSpans.Messages(Field.ScopeSpans).SelectMany(static scope => scope.Messages(Field.Spans)).Select(span => Span(service, span)));
        }

        return spans;
    }

    private static TracedSpan Span(string service, Fields span) => new(
        service,
        Convert.ToHexStringLower(span.Bytes(Field.TraceId).Span),
        Convert.ToHexStringLower(span.Bytes(Field.SpanId).Span),
        Convert.ToHexStringLower(span.Bytes(Field.ParentSpanId).Span),
        span.Bytes(Field.Name).ToStringUtf8(),
        span.Fixed64(Field.StartTime),
        span.Fixed64(Field.EndTime),
        Attributes(span, Field.SpanAttributes).DistinctBy(static a => a.Key, StringComparer.Ordinal).ToDictionary(static a => a.Key, static a => a.Value, StringComparer.Ordinal));

    /// <summary>Only texts are of use; another value is empty.</summary>
    private static IEnumerable<KeyValuePair<string, string>> Attributes(Fields holder, int number) => holder.Messages(number).Select(static attribute => KeyValuePair.Create(
        attribute.Bytes(Field.Key).ToStringUtf8(),
        attribute.Messages(Field.Value).FirstOrDefault()?.Bytes(Field.Text).ToStringUtf8() ?? ""));

    /// <summary>By message: ExportTraceServiceRequest, ResourceSpans, Resource, ScopeSpans, Span, KeyValue, AnyValue.</summary>
    private static class Field
    {
        public const int ResourceSpans = 1;
        public const int Resource = 1;
        public const int ScopeSpans = 2;
        public const int ResourceAttributes = 1;
        public const int Spans = 2;
        public const int TraceId = 1;
        public const int SpanId = 2;
        public const int ParentSpanId = 4;
        public const int Name = 5;
        public const int StartTime = 7;
        public const int EndTime = 8;
        public const int SpanAttributes = 9;
        public const int Key = 1;
        public const int Value = 2;
        public const int Text = 1;
    }

    /// <summary>A message's fields that are messages, texts or bytes, and those of eight bytes.</summary>
    private sealed class Fields
    {
        private readonly List<(int Number, ByteString Bytes)> delimited = [];
        private readonly Dictionary<int, ulong> eightBytes = [];

        public static Fields Of(byte[] message) => Read(new CodedInputStream(message));

        public IEnumerable<Fields> Messages(int number) => delimited.Where(field => field.Number == number).Select(static field => Read(field.Bytes.CreateCodedInput()));

        public ByteString Bytes(int number) => delimited.Find(field => field.Number == number).Bytes ?? ByteString.Empty;

        public ulong Fixed64(int number) => eightBytes.GetValueOrDefault(number);

        private static Fields Read(CodedInputStream input)
        {
            var fields = new Fields();
            while (input.ReadTag() is var tag && tag != 0)
            {
                int number = WireFormat.GetTagFieldNumber(tag);
                switch (WireFormat.GetTagWireType(tag))
                {
                    case WireFormat.WireType.LengthDelimited:
                        fields.delimited.Add((number, input.ReadBytes()));
                        break;
                    case WireFormat.WireType.Fixed64:
                        fields.eightBytes[number] = input.ReadFixed64();
                        break;
                    default:
                        input.SkipLastField();
                        break;
                }
            }

            return fields;
        }
    }
}
