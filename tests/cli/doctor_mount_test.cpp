#include <gtest/gtest.h>

#include "doctor/file_systems.hpp"
#include "doctor/mount.hpp"
#include "doctor/words.hpp"

// Goal: `doctor` reads what the kernel says of a mount, knows what it is, and shows times readably. Method: texts as
// the kernel writes them, and broken ones.
namespace leaselock::tool::doctor {
namespace {

TEST(DoctorMount, NamesTheFileSystemAndTheService) {
  EXPECT_EQ(known_file_system({"cifs", "", "", {}}).name, "SMB");
  EXPECT_EQ(known_file_system({"fuse.sshfs", "", "", {}}).name, "sshfs");
  EXPECT_EQ(known_file_system({"fuse.mine", "", "", {}}).name, "FUSE (mine)");
  EXPECT_EQ(known_file_system({"fuse", "", "", {}}).name, "FUSE (unnamed)");
  EXPECT_EQ(known_service({"nfs4", "fs-1.efs.eu-west-1.amazonaws.com:/", "", {}}).name, "Amazon EFS");
  EXPECT_EQ(known_service({"nfs4", "acc.file.core.windows.net:/acc/share", "", {}}).name, "Azure Files");
  EXPECT_EQ(known_service({"nfs4", "server:/data/.efs.", "", {}}).name, "") << "the server's name counts, not its path";
  EXPECT_EQ(known_service({"ext4", "a.efs.b:/", "", {}}).name, "");
}

constexpr const char* mountinfo =
    "22 27 0:21 / /proc rw,relatime - proc proc rw\n"
    "27 1 254:0 / / rw,relatime shared:1 master:2 - ext4 /dev/vda rw,discard\n"
    "61 27 0:51 / /mnt/my\\040share rw,nosuid shared:9 - nfs4 10.0.0.1:/data\\134x "
    "rw,vers=4.1,local_lock=none,addr=10.0.0.1\n";

TEST(DoctorMount, IsFoundByItsIdWithItsOptions) {
  const Mount mount = parse_mount(mountinfo, 61);
  EXPECT_EQ(mount.type, "nfs4");
  EXPECT_EQ(mount.source, "10.0.0.1:/data\\x");
  EXPECT_EQ(mount.point, "/mnt/my share");
  EXPECT_EQ(mount.nfs_version(), "4.1");
  EXPECT_EQ(mount.value("addr"), "10.0.0.1");
  EXPECT_EQ(mount.value("add"), std::nullopt);
  EXPECT_TRUE(mount.has("nosuid"));
  EXPECT_FALSE(mount.has("vers"));
}

TEST(DoctorMount, IsFoundBehindOptionalFields) {
  const Mount mount = parse_mount(mountinfo, 27);
  EXPECT_EQ(mount.type, "ext4");
  EXPECT_EQ(mount.options, (std::vector<std::string>{"rw", "relatime", "discard"}));
  EXPECT_EQ(mount.nfs_version(), "") << "no NFS, no version";
}

TEST(DoctorMount, ThatIsNotListedOrCutOffHasNoType) {
  EXPECT_EQ(parse_mount(mountinfo, 1).type, "");
  EXPECT_EQ(parse_mount("61 27 0:51 / /mnt rw", 61).type, "");
  EXPECT_EQ(parse_mount("61 27 0:51 / /mnt rw - nfs4", 61).type, "");
  EXPECT_EQ(parse_mount("", 0).type, "");
}

TEST(DoctorWords, ShowShortTimesFinely) {
  EXPECT_EQ(fine_duration(std::chrono::microseconds(150)), "150us");
  EXPECT_EQ(fine_duration(std::chrono::microseconds(2154)), "2.15ms");
  EXPECT_EQ(fine_duration(std::chrono::milliseconds(-15)), "-15ms");
  EXPECT_EQ(option_duration(std::chrono::seconds(15)), "15s");
  EXPECT_EQ(option_duration(std::chrono::milliseconds(9300)), "9.3s");
  EXPECT_EQ(option_duration(std::chrono::milliseconds(300)), "300ms");
  EXPECT_EQ(option_duration(std::chrono::milliseconds(1250)), "1250ms");
}

}  // namespace
}  // namespace leaselock::tool::doctor
