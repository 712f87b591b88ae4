import { BlockList, isIP } from "node:net";

/** Networks that are nobody's public service: this machine, private and link-local ranges, documentation, multicast and the like (IANA registries). */
const CLOSED: readonly (readonly [string, number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
  ["::", 128],
  ["::1", 128],
  ["::ffff:0:0", 96],
  ["64:ff9b::", 96],
  ["64:ff9b:1::", 48],
  ["100::", 64],
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["fc00::", 7],
  ["fe80::", 10],
  ["fec0::", 10],
  ["ff00::", 8],
];

/** Networks by version: one list of both would match every IPv4 address by the range of mapped ones. */
type Networks = { readonly ipv4: BlockList; readonly ipv6: BlockList };

const versionOf = (address: string): "ipv4" | "ipv6" => (isIP(address) === 6 ? "ipv6" : "ipv4");

const listOf = (networks: readonly (readonly [string, number])[]): Networks => {
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const [network, prefix] of networks) {
    const version = versionOf(network);
    lists[version].addSubnet(network, prefix, version);
  }
  return lists;
};

const closed = listOf(CLOSED);

/** Whether one of the networks holds an address. */
export const isIn = (lists: Networks, address: string): boolean =>
  lists[versionOf(address)].check(address, versionOf(address));

/** Whether an address belongs to the public internet. An IPv4 address written as IPv6 counts as what it is mapped from: closed. */
export const isPublicAddress = (address: string): boolean => isIP(address) !== 0 && !isIn(closed, address);

/** Networks of an operator's list, such as "10.2.0.0/16" and "192.168.1.20"; names in it are not networks. */
export function networksOf(allowed: readonly string[]): Networks {
  const networks: (readonly [string, number])[] = [];
  for (const text of allowed) {
    const [network = "", prefix] = text.split("/");
    const version = isIP(network);
    if (version === 0) continue;
    const widest = version === 6 ? 128 : 32;
    const bits = prefix === undefined ? widest : Number(prefix);
    if (Number.isInteger(bits) && bits >= 0 && bits <= widest) networks.push([network, bits]);
  }
  return listOf(networks);
}
