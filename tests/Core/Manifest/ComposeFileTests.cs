using Dweb.Core.Manifest;
using Dweb.Core.Protocol;
using Dweb.Core.Resources;

namespace Dweb.Core.Tests.Manifest;

public sealed class ComposeFileTests
{
    private const string Whole = """
        name: shop
        x-dweb:
          duration: 1h30m
          prepay: 30m
          max-total: 12.5
          max-royalty-bps: 1000
          max-fee-bps: 200
        services:
          web:
            image: team/web@sha256:1111111111111111111111111111111111111111111111111111111111111111
            entrypoint: ["/bin/httpd"]
            command: -p 8080 -m 'two words'
            environment:
              ZONE: "a b"
              GREETING: costs 5$$
              EMPTY: ""
            ports:
              - "8080"
              - 8081/tcp
              - target: 8082
                protocol: tcp
            healthcheck:
              test: wget -q localhost:8080
              interval: 10s
              timeout: 2s
              retries: 5
              start_period: 1m
            restart: on-failure
            stop_grace_period: 20s
            deploy:
              replicas: 3
              resources:
                reservations:
                  cpus: "0.25"
                  memory: 128m
                limits:
                  cpus: 0.250
                  memory: 131072k
            x-dweb:
              storage: 2g
              bandwidth: 1gbit
              transfer: 5g
              regions: [eu-central, us-west]
              max-price:
                cpu: 0.0036
                memory: 42wei
                transfer: 0.001024
              min-stake: 100
          cache:
            image: cache
        """;

    [Fact]
    public void Everything_that_is_supported_is_read()
    {
        var deployment = ComposeFile.Parse(Whole, "compose.yaml");
        Assert.Equal(("shop", 5400U, 1800U), (deployment.Name, deployment.Duration, deployment.Prepay));
        Assert.Equal((Amount.Parse("12.5"), 1000, 200), ((System.Numerics.BigInteger)deployment.MaxTotal!.Value, deployment.MaxRoyaltyBps, deployment.MaxFeeBps));
        var web = deployment.Services[0];
        Assert.Equal(("web", "team/web", 3), (web.Name, web.Image.Repository, web.Replicas));
        Assert.Equal(Hash32.Parse("0x" + new string('1', 64)), web.Image.Digest);
        Assert.Equal(["/bin/httpd"], web.Entrypoint);
        Assert.Equal(["-p", "8080", "-m", "two words"], web.Command);
        Assert.Equal([new("EMPTY", ""), new("GREETING", "costs 5$"), new("ZONE", "a b")], web.Environment.ToList());
        Assert.Equal([8080, 8081, 8082], web.Ports.Select(static port => (int)port.Container));
        Assert.Equal(["CMD-SHELL", "wget -q localhost:8080"], web.Health!.Test);
        Assert.Equal((10, 2, 5, 60), (web.Health.IntervalSeconds, web.Health.TimeoutSeconds, web.Health.Retries, web.Health.StartPeriodSeconds));
        Assert.Equal((RestartPolicy.OnFailure, 20), (web.Restart, web.StopGraceSeconds));
        Assert.Equal(new ResourceVector(250, 128, 2048, 1000, 5), web.Reserved);
        Assert.Equal((1UL << 0) | (1UL << 8), web.RegionMask);
        // 0.0036 DWEB a CPU-hour over 3,600,000 mCPU-seconds; 0.001024 DWEB a GiB over 1,024 MiB.
        Assert.Equal(new PriceLimits(1_000_000_000, 42, null, null, 1_000_000_000_000), web.MaxPrice);
        Assert.Equal(100 * Amount.WeiPerDweb, web.MinStake);
    }

    [Fact]
    public void What_is_left_out_has_defaults()
    {
        var deployment = ComposeFile.Parse("services: { web: { image: web } }", "shop/compose.yaml");
        Assert.Equal(("shop", 3600U, 3600U, null), (deployment.Name, deployment.Duration, deployment.Prepay, deployment.MaxTotal));
        var web = Assert.Single(deployment.Services);
        Assert.Equal(new ResourceVector(100, 64, 1024, 10, 1), web.Reserved);
        Assert.Equal((1, RestartPolicy.No, 10, 0UL), (web.Replicas, web.Restart, web.StopGraceSeconds, web.RegionMask));
        Assert.Equal(PriceLimits.None, web.MaxPrice);
        Assert.Null(web.Health);
        Assert.Null(web.Command);
        Assert.Null(web.Image.Digest);
    }

    [Fact]
    public void Environment_may_be_a_list()
    {
        var web = Assert.Single(ComposeFile.Parse("services: { web: { image: web, environment: [B=2, 'A=x=y', C=] } }", "compose.yaml").Services);
        Assert.Equal([new("A", "x=y"), new("B", "2"), new("C", "")], web.Environment.ToList());
    }

    [Fact]
    public void A_plain_anchor_is_followed()
    {
        var services = ComposeFile.Parse("""
            services:
              a: { image: web, environment: &shared { A: 1 } }
              b: { image: web, environment: *shared }
            """, "compose.yaml").Services;
        Assert.Equal(services[0].Environment, services[1].Environment);
    }

    [Theory]
    [InlineData("disable: true")]
    [InlineData("test: NONE", false)]
    [InlineData("test: [NONE]")]
    public void A_health_check_can_be_switched_off(string check, bool off = true)
    {
        var web = Assert.Single(ComposeFile.Parse($"services: {{ web: {{ image: web, healthcheck: {{ {check} }} }} }}", "compose.yaml").Services);
        Assert.Equal(off ? ["NONE"] : ["CMD-SHELL", "NONE"], web.Health!.Test);
    }

    [Fact]
    public void An_update_config_says_how_replicas_are_moved_and_leaves_the_rest_open()
    {
        var services = ComposeFile.Parse("""
            services:
              a: { image: web, deploy: { update_config: { parallelism: 2, delay: 5s, monitor: 1m, failure_action: pause, order: stop-first } } }
              b: { image: web, deploy: { update_config: { failure_action: continue } } }
              c: { image: web }
            """, "compose.yaml").Services;
        Assert.Equal(new UpdateSpec(2, 5, 60, FailureAction.Pause, UpdateSequence.StopFirst), services[0].Update);
        Assert.Equal(new UpdateSpec(OnFailure: FailureAction.Continue), services[1].ToSpec(Hash32.Zero).Update);
        Assert.Null(services[2].Update);
    }

    [Theory]
    [InlineData("stack.yaml", "stack")]
    [InlineData("./compose.yaml", "app")]
    [InlineData("compose.yaml", "app")]
    [InlineData("shops/berlin/docker-compose.yml", "berlin")]
    public void A_nameless_deployment_is_called_after_its_file_or_folder(string file, string name) =>
        Assert.Equal(name, ComposeFile.Parse("services: { web: { image: web } }", file).Name);
}
