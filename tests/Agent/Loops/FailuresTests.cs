using Dweb.Agent.ControlPlane;
using Dweb.Agent.Leases;
using Dweb.Agent.Loops;
using Dweb.Agent.Tests.Support;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Agent.Tests.Loops;

public sealed class FailuresTests
{
    private static readonly Uri A = new("http://a");
    private static readonly Uri B = new("http://b");

    private readonly Standing standing = new([A, B]);
    private readonly LinesLogger<Failures> log = new();

    [Fact]
    public void Trouble_is_told_once_for_each_control_plane_and_its_end_too()
    {
        var (a, b) = (new Failures(A, standing, log), new Failures(B, standing, log));
        for (int i = 0; i < 3; i++)
        {
            a.Note(new ControlPlaneException(Catalogue.ControlPlaneUnreachable, "gone"));
            b.Note(new ControlPlaneException(Catalogue.ControlPlaneUnreachable, "gone"));
        }

        Assert.Equal(2, log.Lines.Count);
        Assert.StartsWith("http://a/: ", log.Lines[0], StringComparison.Ordinal);
        Assert.StartsWith("http://b/: ", log.Lines[1], StringComparison.Ordinal);
        b.Recovered();
        b.Recovered();
        a.Note(new ControlPlaneException(Catalogue.ControlPlaneUnreachable, "gone"));
        Assert.Equal("The control plane http://b/ answers again.", Assert.Single(log.Lines.Skip(2)));
    }

    [Fact]
    public void A_refusal_counts_for_the_control_plane_that_it_came_from()
    {
        standing.Accepted(A);
        new Failures(B, standing, log).Note(new ControlPlaneException(Catalogue.AgentSuperseded, "go"));
        Assert.True(standing.MayStart);
        new Failures(A, standing, log).Note(new ControlPlaneException(Catalogue.AgentDuplicate, "wait"));
        Assert.False(standing.MayStart);
        Assert.False(standing.Superseded.IsCompleted);
    }
}
