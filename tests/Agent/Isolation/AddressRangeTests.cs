using CsCheck;
using Dweb.Agent.Isolation;

namespace Dweb.Agent.Tests.Isolation;

public sealed class AddressRangeTests
{
    [Fact]
    public void Networks_of_a_range_lie_in_it_side_by_side() =>
        Gen.Select(Gen.Int[16, 26], Gen.Int[0, 4095]).Sample((prefix, picked) =>
        {
            Assert.True(AddressRange.TryParse($"10.64.0.0/{prefix}", out var range));
            int slot = picked % range.Count;
            var part = range.Part(slot);
            Assert.True(range.Network.Contains(part.BaseAddress));
            Assert.True(part.Contains(range.Gateway(slot)));
            Assert.NotEqual(part.BaseAddress, range.Gateway(slot));
            Assert.True(range.Network.Contains(Last(part)));
            if (slot > 0)
            {
                Assert.False(range.Part(slot - 1).Contains(part.BaseAddress));
            }
        });

    [Fact]
    public void The_last_network_ends_with_the_range()
    {
        Assert.True(AddressRange.TryParse("10.1.0.0/24", out var range));
        Assert.Equal(16, range.Count);
        Assert.Equal("10.1.0.240/28", range.Part(15).ToString());
        Assert.Equal("10.1.0.241", range.Gateway(15).ToString());
        Assert.Throws<ArgumentOutOfRangeException>(() => range.Part(16));
    }

    [Theory]
    [InlineData("10.1.0.0/15")]
    [InlineData("10.1.0.0/27")]
    [InlineData("10.1.0.1/24")]
    [InlineData("fd00::/20")]
    [InlineData("10.1.0.0")]
    [InlineData("everything")]
    public void What_is_no_range_is_not_read(string text) => Assert.False(AddressRange.TryParse(text, out _));

    private static System.Net.IPAddress Last(System.Net.IPNetwork part)
    {
        byte[] bytes = part.BaseAddress.GetAddressBytes();
        bytes[3] += 15;
        return new System.Net.IPAddress(bytes);
    }
}
