namespace Dweb.Local.Bench.Trace;

/// <summary>A span as a program exported it. Ids in lower-case hexadecimal, times in Unix nanoseconds.</summary>
/// <param name="Service">Name of the program.</param>
/// <param name="ParentId">Empty where it hangs at nothing.</param>
internal sealed record TracedSpan(
    string Service, string TraceId, string SpanId, string ParentId, string Name, ulong StartNs, ulong EndNs, IReadOnlyDictionary<string, string> Attributes);
