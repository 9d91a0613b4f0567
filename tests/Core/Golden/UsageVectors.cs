using Dweb.Core.Protocol.Messages;

namespace Dweb.Core.Tests.Golden;

public sealed class UsageVectors
{
    [Fact]
    public void Entries_are_packed_into_the_bytes_of_the_vectors_and_read_back() => Assert.All(Vectors.Read("usage", "entries"), static v =>
    {
        var entry = new UsageEntry(
            new LeaseHandle(UInt128.Parse(v.Text("handle")[2..], System.Globalization.NumberStyles.HexNumber, null)), (uint)v.Number("secondsRun"),
            v.Number("cpu"), v.Number("memoryUsed"), v.Number("storageUsed"), (uint)v.Number("received"), (uint)v.Number("sent"));
        var bytes = new byte[UsageEntry.Size];
        entry.WriteTo(bytes);
        Assert.Equal(v.Text("packed"), "0x" + Convert.ToHexStringLower(bytes));
        Assert.Equal(entry, UsageEntry.ReadFrom(bytes));
    });
}
