using Dweb.Cli.Hosting;
using Dweb.Cli.Tests.Running;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Tests.Hosting;

public sealed class BandwidthProbeTests : IDisposable
{
    private const long Most = 8 * 1024 * 1024;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    private static readonly string Mebibyte = new('x', 1024 * 1024);
    private readonly HttpClient http = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Both_directions_are_measured_by_the_bytes_that_it_was_told_to_take()
    {
        using var peer = new FakeServer(static _ => new FakeAnswer(200, Mebibyte));

        var line = await MeasureAsync(peer);

        Assert.InRange(line.DownBytes, Most, Most + Mebibyte.Length);
        Assert.Equal(Most, line.UpBytes);
        Assert.Equal(Most, peer.Requests.Single(static request => request.Method == "POST").Body.Length);
        Assert.True(line is { Down: > 0, Up: > 0, NoUp: null }, line.ToString());
        Assert.Equal(Math.Min(line.Down, line.Up!.Value), line.Slower);
    }

    [Fact]
    public async Task A_peer_that_takes_nothing_is_measured_in_one_direction_and_that_is_said()
    {
        using var peer = new FakeServer(static request => request.Method == "GET" ? new FakeAnswer(200, Mebibyte) : new FakeAnswer(405));

        var line = await MeasureAsync(peer);

        Assert.Null(line.Up);
        Assert.Contains("405", line.NoUp, StringComparison.Ordinal);
        Assert.Equal(line.Down, line.Slower);
    }

    [Theory]
    [InlineData(200, "")]
    [InlineData(404, "no")]
    public async Task A_peer_that_gives_nothing_to_measure_is_refused(int status, string body)
    {
        using var peer = new FakeServer(_ => new FakeAnswer(status, body));

        var refusal = await Assert.ThrowsAsync<DwebException>(() => MeasureAsync(peer));

        Assert.Equal((Catalogue.PeerUnreachable, "--bandwidth-peer"), (refusal.Error, refusal.Field));
    }

    [Fact]
    public async Task A_peer_that_is_not_there_is_named()
    {
        var refusal = await Assert.ThrowsAsync<DwebException>(() => new BandwidthProbe(http, TimeProvider.System).MeasureAsync(new Uri("http://127.0.0.1:9/"), Stop));

        Assert.Contains("http://127.0.0.1:9/", refusal.Message, StringComparison.Ordinal);
    }

    public void Dispose() => http.Dispose();

    private Task<MeasuredLine> MeasureAsync(FakeServer peer) => new BandwidthProbe(http, TimeProvider.System, Most, Longest).MeasureAsync(new Uri(peer.Address), Stop);
}
