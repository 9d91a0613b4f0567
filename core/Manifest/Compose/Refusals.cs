namespace Dweb.Core.Manifest.Compose;

/// <summary>What to say of keys that people will try. All others are refused by name alone.</summary>
internal static class Refusals
{
    private const string HostAccess = "a container has no access to the host that runs it";
    private const string Network = "every replica has a network of its own on its COE";
    private const string Publish = "publish the image first with 'dweb image publish'";
    private const string HostFiles = "files of the deploying machine stay there; put them into the image";
    private const string Versions = "the key is obsolete; remove it";
    private const string Merge = "repeat the keys; merging is not supported";

    public static string? ReasonFor(string key) => key switch
    {
        "privileged" or "devices" or "device_cgroup_rules" or "cap_add" or "security_opt" or "pid" or "ipc" or "userns_mode" or "cgroup_parent" or "cgroup"
            or "gpus" or "runtime" or "sysctls" or "uts" => HostAccess,
        "network_mode" or "networks" or "links" or "external_links" or "extra_hosts" or "dns" => Network,
        "volumes_from" => "no two replicas share a volume",
        "build" => Publish,
        "env_file" or "configs" or "include" or "extends" => HostFiles,
        "version" => Versions,
        "<<" => Merge,
        "scale" => "use deploy.replicas",
        "shm_size" or "storage_opt" => "use x-dweb.storage for disk; what is in memory counts as memory",
        "driver" or "driver_opts" or "labels" => "a volume is made by the agent, for one replica and as long as its lease lives",
        "cpus" or "mem_limit" or "mem_reservation" or "cpu_quota" or "cpu_shares" => "use deploy.resources.reservations",
        "placement" => "use x-dweb.regions",
        "external" => "a deployment has nothing but what its file names",
        "uid" or "gid" or "mode" => "every process of the container may read its secrets, and no other",
        "restart_policy" => "use restart",
        "depends_on" => "services start independently and must wait for each other themselves",
        _ when key.StartsWith("x-", StringComparison.Ordinal) => "of the extensions only x-dweb is read",
        _ => null,
    };
}
