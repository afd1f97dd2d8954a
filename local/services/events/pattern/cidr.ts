import { BlockList, isIP } from "node:net";

/** Whether an address lies in a block such as `10.0.0.0/24` or `2001:db8::/32`. */
export function inCidr(address: string, block: string): boolean {
  const [network = "", bits = ""] = block.split("/");
  if (isIP(network) !== isIP(address)) return false;
  const list = new BlockList();
  const family = isIP(network) === 6 ? "ipv6" : "ipv4";
  list.addSubnet(network, Number(bits), family);
  return list.check(address, family);
}

export function isCidr(block: string): boolean {
  const [network = "", bits = "", ...rest] = block.split("/");
  const family = isIP(network);
  return rest.length === 0 && family !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 6 ? 128 : 32);
}
