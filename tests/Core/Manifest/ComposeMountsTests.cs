using Dweb.Core.Manifest;
using Dweb.Core.Protocol;

namespace Dweb.Core.Tests.Manifest;

public sealed class ComposeMountsTests
{
    [Fact]
    public void Volumes_are_read_with_and_without_a_name_in_both_forms()
    {
        var service = Read("""
            services:
              web:
                image: web
                read_only: true
                volumes:
                  - /var/lib/data
                  - cache:/var/cache
                  - cache:/srv/cache:rw
                  - type: volume
                    source: logs
                    target: /var/log
                  - type: tmpfs
                    target: /spool
                tmpfs: /scratch
            volumes:
              cache:
              logs: {}
            """);
        Assert.Equal(
            [new VolumeSpec("/var/lib/data"), new("/var/cache") { Name = "cache" }, new("/srv/cache") { Name = "cache" }, new("/var/log") { Name = "logs" }], service.Volumes);
        Assert.Equal(["/spool", "/scratch"], service.Tmpfs);
    }

    [Fact]
    public void A_service_that_keeps_nothing_has_the_spec_that_it_had_before_there_were_volumes()
    {
        var spec = Read("services: { web: { image: web } }").ToSpec(Hash32.Zero);
        Assert.Null(spec.Volumes);
        Assert.Null(spec.Tmpfs);
    }

    [Fact]
    public void What_is_read_is_what_an_agent_accepts()
    {
        var spec = Read("services: { web: { image: web, volumes: [/data], tmpfs: [/spool] } }").ToSpec(Hash32.Zero);
        var read = ContainerSpec.FromCanonicalJson(spec.ToCanonicalJson());
        Assert.Equal(spec.Volumes, read.Volumes);
        Assert.Equal(spec.Tmpfs, read.Tmpfs);
    }

    private static ServicePlan Read(string text) => Assert.Single(ComposeFile.Parse(text, "compose.yaml").Services);
}
