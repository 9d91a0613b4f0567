using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Xunit.Sdk;
using Xunit.v3;

namespace Dweb.Agent.Tests.Support;

/// <summary>
/// Of the cases of this class an ordinary run takes one of so many, chosen by <c>DWEB_SEED</c>; the others are explicit, and run with <c>--explicit on</c>,
/// as in <c>./dweb test --full</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SampledAttribute(int oneOf) : Attribute
{
    public int OneOf { get; } = oneOf;
}

/// <summary>
/// A test of a suite that several classes inherit; in a class that is <see cref="SampledAttribute"/> it may be left out. One that waits for what never comes
/// is ended.
/// </summary>
[XunitTestCaseDiscoverer(typeof(CaseDiscoverer))]
[AttributeUsage(AttributeTargets.Method)]
public sealed class CaseAttribute : FactAttribute
{
    private const int PatienceMs = 5 * 60 * 1000;

    public CaseAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber) => Timeout = PatienceMs;
}

/// <summary>Which cases a run takes.</summary>
internal static class Sample
{
    private static readonly string Seed = Environment.GetEnvironmentVariable("DWEB_SEED") is { Length: > 0 } given ? given : Environment.TickCount.ToString(CultureInfo.InvariantCulture);

    /// <summary>The same for the same seed and names, whatever other cases there are.</summary>
    public static bool Takes(Type testClass, string name)
    {
        int oneOf = testClass.GetCustomAttributes(typeof(SampledAttribute), inherit: false).OfType<SampledAttribute>().FirstOrDefault()?.OneOf ?? 1;
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{Seed} {testClass.Name} {name}"));
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(hash) % (uint)oneOf == 0;
    }

    /// <summary>Rows of a theory of that class, those that are left out marked explicit.</summary>
    public static IEnumerable<TheoryDataRow<string, string>> Of(Type testClass, IEnumerable<(string What, string How)> rows) =>
        rows.Select(row => new TheoryDataRow<string, string>(row.What, row.How) { Explicit = Takes(testClass, row.What) ? null : true });
}

/// <summary>Makes explicit what a sample leaves out.</summary>
public sealed class CaseDiscoverer : FactDiscoverer
{
    protected override IXunitTestCase CreateTestCase(ITestFrameworkDiscoveryOptions discoveryOptions, IXunitTestMethod testMethod, IFactAttribute factAttribute) => base.CreateTestCase(
        discoveryOptions, testMethod,
        factAttribute.Explicit || Sample.Takes(testMethod.TestClass.Class, testMethod.MethodName)
            ? factAttribute
            : new FactAttribute(factAttribute.SourceFilePath, factAttribute.SourceLineNumber ?? -1) { Explicit = true, Timeout = factAttribute.Timeout });
}
