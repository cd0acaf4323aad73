// Block devices: requests, operations, sectors.

#define SECTOR_SHIFT 9
#define SECTOR_SIZE 0x200
#define DISK_NAME_LEN 32
#define DISK_MAX_PARTS 256
#define BDEVNAME_SIZE 32
#define BIO_MAX_VECS 256U

//? version < 6.13
#define RWBS_LEN 8

//? version >= 7.3
#define RWBS_LEN 10

#define PAGE_SECTORS_SHIFT (PAGE_SHIFT - SECTOR_SHIFT)

#define PAGE_SECTORS (1 << PAGE_SECTORS_SHIFT)

// The operation and the flags of a request.

#define BLK_STS_OK 0
#define BLK_STS_NOTSUPP 1
#define BLK_STS_TIMEOUT 2
#define BLK_STS_NOSPC 3
#define BLK_STS_TRANSPORT 4
#define BLK_STS_TARGET 5
#define BLK_STS_RESV_CONFLICT 6
#define BLK_STS_NEXUS 6
#define BLK_STS_MEDIUM 7
#define BLK_STS_PROTECTION 8
#define BLK_STS_RESOURCE 9
#define BLK_STS_IOERR 10
#define BLK_STS_DM_REQUEUE 11
#define BLK_STS_AGAIN 12
#define BLK_STS_DEV_RESOURCE 13
#define BLK_STS_ZONE_RESOURCE 14
#define BLK_STS_DURATION_LIMIT 17
#define BLK_STS_INVAL 19
#define BIO_ISSUE_RES_BITS 1
#define BIO_ISSUE_SIZE_BITS 12
#define BIO_ISSUE_RES_SHIFT 63
#define BIO_ISSUE_SIZE_SHIFT 51
#define BIO_ISSUE_TIME_MASK 0x7ffffffffffffULL
#define BIO_ISSUE_SIZE_MASK 0x7ff8000000000000ULL
#define BIO_ISSUE_RES_MASK 0x8000000000000000ULL
#define BIO_ISSUE_THROTL_SKIP_LATENCY 0x8000000000000000ULL
#define BLK_QC_T_NONE 4294967295U
#define BIO_MAX_SIZE 4294967295U
#define BIO_MAX_SECTORS 8388607U
#define BIO_PAGE_PINNED 0
#define BIO_NO_PAGE_REF 0
#define BIO_CLONED 1
#define BIO_BOUNCED 2
#define BIO_TG_BPS_THROTTLED 8
#define BIO_COMPLETE_IN_TASK 13
#define BIO_ZONE_WRITE_LOCKED 12
#define REQ_OP_BITS 8
#define __REQ_FAILFAST_TRANSPORT 9
#define __REQ_FAILFAST_DRIVER 10
#define __REQ_SYNC 11
#define __REQ_META 12
#define __REQ_PRIO 13
#define __REQ_NOMERGE 14
#define __REQ_IDLE 15
#define __REQ_INTEGRITY 16
#define __REQ_FUA 17
#define __REQ_PREFLUSH 18
#define __REQ_RAHEAD 19
#define __REQ_BACKGROUND 20
#define __REQ_NOWAIT 21
#define __REQ_CGROUP_PUNT 22
#define __REQ_FS_PRIVATE 26
#define __REQ_ATOMIC 27
#define REQ_FAILFAST_DEV 0x100U
#define REQ_FAILFAST_TRANSPORT 0x200U
#define REQ_FAILFAST_DRIVER 0x400U
#define REQ_SYNC 0x800U
#define REQ_META 0x1000U
#define REQ_PRIO 0x2000U
#define REQ_NOMERGE 0x4000U
#define REQ_IDLE 0x8000U
#define REQ_INTEGRITY 0x10000U
#define REQ_FUA 0x20000U
#define REQ_PREFLUSH 0x40000U
#define REQ_RAHEAD 0x80000U
#define REQ_BACKGROUND 0x100000U
#define REQ_NOWAIT 0x200000U
#define REQ_CGROUP_PUNT 0x400000U
#define REQ_FS_PRIVATE 0x4000000U
#define REQ_ATOMIC 0x8000000U
#define REQ_FAILFAST_MASK 0x700U
#define REQ_NOMERGE_FLAGS 0x64000U
#define STAT_READ 0
#define STAT_WRITE 1
#define STAT_DISCARD 2
#define STAT_FLUSH 3
#define NR_STAT_GROUPS 4
#define REQ_OP_MASK 0xffU
#define REQ_FLAG_BITS 24
#define REQ_OP_READ 0
#define REQ_OP_WRITE 1
#define REQ_OP_FLUSH 2
#define REQ_OP_DISCARD 3
#define REQ_OP_SECURE_ERASE 5
#define REQ_OP_ZONE_APPEND 7
#define REQ_OP_WRITE_ZEROES 9
#define REQ_OP_ZONE_OPEN 11
#define REQ_OP_ZONE_CLOSE 13
#define REQ_OP_ZONE_FINISH 15
#define REQ_OP_ZONE_RESET 17
#define REQ_OP_ZONE_RESET_ALL 19
#define REQ_OP_DRV_IN 34
#define REQ_OP_DRV_OUT 35
#define REQ_OP_LAST 36
#define __REQ_FAILFAST_DEV 8
#define __RQF_STARTED 0
#define __RQF_FLUSH_SEQ 1
#define __RQF_MIXED_MERGE 2
#define __RQF_DONTPREP 3
#define __RQF_SCHED_TAGS 4
#define __RQF_USE_SCHED 5
#define __RQF_FAILED 6
#define __RQF_QUIET 7
#define __RQF_IO_STAT 8
#define __RQF_PM 9
#define __RQF_HASHED 10
#define __RQF_STATS 11
#define __RQF_SPECIAL_PAYLOAD 12
#define __RQF_ZONE_WRITE_PLUGGING 13
#define __RQF_TIMED_OUT 14
#define __RQF_RESV 15
#define __RQF_BITS 16
#define RQF_SOFTBARRIER 8U
#define RQF_MQ_INFLIGHT 0x40U
#define RQF_SCHED_TAGS 0x10U
#define RQF_USE_SCHED 0x20U
#define RQF_ELVPRIV 0x1000U
#define RQF_ZONE_WRITE_PLUGGING 0x2000U
#define RQF_ZONE_WRITE_LOCKED 0x80000U
#define RQF_MQ_POLL_SLEPT 0x100000U
#define RQF_ELV 0x400000U
#define MQ_RQ_IDLE 0
#define MQ_RQ_IN_FLIGHT 1
#define MQ_RQ_COMPLETE 2
#define BLK_EH_DONE 0
#define BLK_EH_RESET_TIMER 1
#define BLK_TAG_ALLOC_FIFO 0
#define BLK_TAG_ALLOC_RR 1
#define BLK_TAG_ALLOC_MAX 2
#define HCTX_TYPE_DEFAULT 0
#define HCTX_TYPE_READ 1
#define HCTX_TYPE_POLL 2
#define HCTX_MAX_TYPES 3
#define BLK_MQ_F_SHOULD_MERGE 1
#define BLK_MQ_F_TAG_QUEUE_SHARED 2
#define BLK_MQ_F_STACKING 4
#define BLK_MQ_F_TAG_HCTX_SHARED 8
#define BLK_MQ_F_TAG_RR 32
#define BLK_MQ_F_MAX 128
#define BLK_MQ_F_ALLOC_POLICY_BITS 1
#define BLK_MQ_S_STOPPED 0
#define BLK_MQ_S_TAG_ACTIVE 1
#define BLK_MQ_S_SCHED_RESTART 2
#define BLK_MQ_S_INACTIVE 3
#define BLK_MQ_S_MAX 4
#define BLK_MQ_MAX_DEPTH 10240
#define BLK_MQ_CPU_WORK_BATCH 8
#define BLK_MQ_NO_HCTX_IDX 4294967295U
#define BLK_MQ_REQ_NOWAIT 1
#define BLK_MQ_REQ_RESERVED 2
#define BLK_MQ_REQ_PM 4
#define BLK_MQ_UNIQUE_TAG_BITS 16
#define BLK_MQ_UNIQUE_TAG_MASK 65535
#define BLK_MQ_POLL_STATS_BKTS 16
#define BLK_MQ_POLL_CLASSIC (-1)
#define GENHD_FL_REMOVABLE 1
#define GENHD_FL_HIDDEN 2
#define GENHD_FL_NO_PART 4
#define BLK_INTEGRITY_CSUM_NONE 0
#define BLK_INTEGRITY_CSUM_IP 1
#define BLK_INTEGRITY_CSUM_CRC 2
#define BLK_INTEGRITY_CSUM_CRC64 3
#define BLK_OPEN_READ 1U
#define BLK_OPEN_WRITE 2U
#define BLK_OPEN_EXCL 4U
#define BLK_OPEN_NDELAY 8U
#define BLK_OPEN_WRITE_IOCTL 0x10U
#define BLK_OPEN_RESTRICT_WRITES 0x20U
#define BLK_OPEN_STRICT_SCAN 0x40U
#define GD_NEED_PART_SCAN 0
#define GD_READ_ONLY 1
#define GD_DEAD 2
#define GD_NATIVE_CAPACITY 3
#define GD_ADDED 4
#define GD_SUPPRESS_PART_SCAN 5
#define GD_OWNS_QUEUE 6
#define GD_ZONE_APPEND_USED 7
#define GD_ERROR_INJECT 8
#define BLK_ZONED_NONE 0
#define BLK_ZONED_HA 1
#define BLK_ZONED_HM 2
#define BLK_BOUNCE_NONE 0
#define BLK_BOUNCE_HIGH 1
#define QUEUE_FLAG_STOPPED 0
#define QUEUE_FLAG_HAS_SRCU 2
#define QUEUE_FLAG_NONROT 6
#define QUEUE_FLAG_VIRT 6
#define QUEUE_FLAG_IO_STAT 7
#define QUEUE_FLAG_ADD_RANDOM 10
#define QUEUE_FLAG_HW_WC 13
#define QUEUE_FLAG_STABLE_WRITES 15
#define QUEUE_FLAG_POLL 16
#define QUEUE_FLAG_WC 17
#define QUEUE_FLAG_FUA 18
#define QUEUE_FLAG_DAX 19
#define QUEUE_FLAG_PCI_P2PDMA 25
#define QUEUE_FLAG_ZONE_RESETALL 26
#define QUEUE_FLAG_NOWAIT 29
#define QUEUE_FLAG_DISABLE_WBT_DEF 13
#define QUEUE_FLAG_NO_ELV_SWITCH 14
#define QUEUE_FLAG_QOS_ENABLED 15
#define QUEUE_FLAG_BIO_ISSUE_TIME 16
#define QUEUE_FLAG_ZONED_QD1_WRITES 17
#define BLK_POLL_ONESHOT 1
#define BLK_POLL_NOSLEEP 2
#define ELEVATOR_F_ZBD_SEQ_WRITE 1U
#define BLK_MAX_SEGMENTS 128
#define BLK_SAFE_MAX_SECTORS 255
#define BLK_MAX_SEGMENT_SIZE 65536
#define BLK_SEG_BOUNDARY_MASK 4294967295U
#define BLK_UID_T10 1
#define BLK_UID_EUI64 2
#define BLK_UID_NAA 3
#define BLK_INTEGRITY_MAX_SIZE 2097152
#define BIO_MAX_INLINE_VECS 1024
#define BIO_POOL_SIZE 2
#define BLK_TC_READ 1
#define BLK_TC_WRITE 2
#define BLK_TC_FLUSH 4
#define BLK_TC_SYNC 8
#define BLK_TC_SYNCIO 8
#define BLK_TC_QUEUE 16
#define BLK_TC_REQUEUE 32
#define BLK_TC_ISSUE 64
#define BLK_TC_COMPLETE 128
#define BLK_TC_FS 256
#define BLK_TC_PC 512
#define BLK_TC_NOTIFY 1024
#define BLK_TC_AHEAD 2048
#define BLK_TC_META 4096
#define BLK_TC_DISCARD 8192
#define BLK_TC_DRV_DATA 16384
#define BLK_TC_FUA 32768
#define BLK_TC_END_V1 32768
#define BLK_TC_ZONE_APPEND 65536
#define BLK_TC_ZONE_RESET 131072
#define BLK_TC_ZONE_RESET_ALL 262144
#define BLK_TC_ZONE_FINISH 524288
#define BLK_TC_ZONE_OPEN 1048576
#define BLK_TC_ZONE_CLOSE 2097152
#define BLK_TC_WRITE_ZEROES 4194304
#define BLK_TC_END_V2 4194304
#define BLK_TC_END 32768
#define BLK_TC_SHIFT 16
#define BLK_TA_QUEUE 0x100001
#define BLK_TA_BACKMERGE 0x100002
#define BLK_TA_FRONTMERGE 0x100003
#define BLK_TA_GETRQ 0x100004
#define BLK_TA_SLEEPRQ 0x100005
#define BLK_TA_REQUEUE 0x200006
#define BLK_TA_ISSUE 0x400007
#define BLK_TA_COMPLETE 0x800008
#define BLK_TA_PLUG 0x100009
#define BLK_TA_UNPLUG_IO 0x10000a
#define BLK_TA_UNPLUG_TIMER 0x10000b
#define BLK_TA_INSERT 0x10000c
#define BLK_TA_SPLIT 13
#define BLK_TA_BOUNCE 14
#define BLK_TA_REMAP 0x10000f
#define BLK_TA_ABORT 0x100010
#define BLK_TA_DRV_DATA 0x40000011
#define BLK_TA_ZONE_APPEND 0x100000008ULL
#define BLK_TA_ZONE_PLUG 0x100012ULL
#define BLK_TA_ZONE_UNPLUG 0x100013ULL
#define BLK_TN_PROCESS 0x4000000
#define BLK_TN_TIMESTAMP 0x4000001
#define BLK_TN_MESSAGE 0x4000002
#define BLK_IO_TRACE_MAGIC 0x65617400
#define BLK_IO_TRACE_VERSION 7
#define BLK_IO_TRACE2_VERSION 8
#define BLKTRACE_BDEV_SIZE 32
#define BLKTRACE_BDEV_SIZE2 64
#define NVME_CMD_FUSE_FIRST 1
#define NVME_CMD_FUSE_SECOND 2
#define NVME_CMD_SGL_METABUF 64
#define NVME_CMD_SGL_METASEG 128
#define NVME_CMD_SGL_ALL 192
#define TEST_UNIT_READY 0
#define REZERO_UNIT 1
#define REQUEST_SENSE 3
#define FORMAT_UNIT 4
#define READ_BLOCK_LIMITS 5
#define REASSIGN_BLOCKS 7
#define INITIALIZE_ELEMENT_STATUS 7
#define READ_6 8
#define WRITE_6 0xa
#define SEEK_6 0xb
#define READ_REVERSE 0xf
#define WRITE_FILEMARKS 0x10
#define SPACE 0x11
#define INQUIRY 0x12
#define RECOVER_BUFFERED_DATA 0x14
#define MODE_SELECT 0x15
#define RESERVE_6 0x16
#define RELEASE_6 0x17
#define RESERVE 0x16
#define RELEASE 0x17
#define COPY 0x18
#define ERASE 0x19
#define MODE_SENSE 0x1a
#define START_STOP 0x1b
#define RECEIVE_DIAGNOSTIC 0x1c
#define SEND_DIAGNOSTIC 0x1d
#define ALLOW_MEDIUM_REMOVAL 0x1e
#define READ_FORMAT_CAPACITIES 0x23
#define SET_WINDOW 0x24
#define READ_CAPACITY 0x25
#define READ_10 0x28
#define WRITE_10 0x2a
#define SEEK_10 0x2b
#define POSITION_TO_ELEMENT 0x2b
#define WRITE_VERIFY 0x2e
#define VERIFY 0x2f
#define SEARCH_HIGH 0x30
#define SEARCH_EQUAL 0x31
#define SEARCH_LOW 0x32
#define SET_LIMITS 0x33
#define PRE_FETCH 0x34
#define READ_POSITION 0x34
#define SYNCHRONIZE_CACHE 0x35
#define LOCK_UNLOCK_CACHE 0x36
#define READ_DEFECT_DATA 0x37
#define MEDIUM_SCAN 0x38
#define COMPARE 0x39
#define COPY_VERIFY 0x3a
#define WRITE_BUFFER 0x3b
#define READ_BUFFER 0x3c
#define UPDATE_BLOCK 0x3d
#define READ_LONG 0x3e
#define WRITE_LONG 0x3f
#define CHANGE_DEFINITION 0x40
#define WRITE_SAME 0x41
#define UNMAP 0x42
#define READ_TOC 0x43
#define READ_HEADER 0x44
#define GET_EVENT_STATUS_NOTIFICATION 0x4a
#define LOG_SELECT 0x4c
#define LOG_SENSE 0x4d
#define XDWRITEREAD_10 0x53
#define MODE_SELECT_10 0x55
#define RESERVE_10 0x56
#define RELEASE_10 0x57
#define MODE_SENSE_10 0x5a
#define PERSISTENT_RESERVE_IN 0x5e
#define PERSISTENT_RESERVE_OUT 0x5f
#define VARIABLE_LENGTH_CMD 0x7f
#define REPORT_LUNS 0xa0
#define SECURITY_PROTOCOL_IN 0xa2
#define MAINTENANCE_IN 0xa3
#define MAINTENANCE_OUT 0xa4
#define MOVE_MEDIUM 0xa5
#define EXCHANGE_MEDIUM 0xa6
#define READ_12 0xa8
#define SERVICE_ACTION_OUT_12 0xa9
#define WRITE_12 0xaa
#define READ_MEDIA_SERIAL_NUMBER 0xab
#define SERVICE_ACTION_IN_12 0xab
#define WRITE_VERIFY_12 0xae
#define VERIFY_12 0xaf
#define SEARCH_HIGH_12 0xb0
#define SEARCH_EQUAL_12 0xb1
#define SEARCH_LOW_12 0xb2
#define SECURITY_PROTOCOL_OUT 0xb5
#define READ_ELEMENT_STATUS 0xb8
#define SEND_VOLUME_TAG 0xb6
#define WRITE_LONG_2 0xea
#define EXTENDED_COPY 0x83
#define RECEIVE_COPY_RESULTS 0x84
#define ACCESS_CONTROL_IN 0x86
#define ACCESS_CONTROL_OUT 0x87
#define READ_16 0x88
#define COMPARE_AND_WRITE 0x89
#define WRITE_16 0x8a
#define READ_ATTRIBUTE 0x8c
#define WRITE_ATTRIBUTE 0x8d
#define WRITE_VERIFY_16 0x8e
#define VERIFY_16 0x8f
#define SYNCHRONIZE_CACHE_16 0x91
#define WRITE_SAME_16 0x93
#define WRITE_ATOMIC_16 0x9c
#define SERVICE_ACTION_BIDIRECTIONAL 0x9d
#define SERVICE_ACTION_IN_16 0x9e
#define SERVICE_ACTION_OUT_16 0x9f
#define MI_MANAGEMENT_PROTOCOL_IN 0x10
#define MI_EXT_HDR_PARAM_FMT 0x20
#define MO_CHANGE_ALIASES 0xb
#define MO_MANAGEMENT_PROTOCOL_OUT 0x10
#define ZI_REPORT_ZONES 0
#define ZO_CLOSE_ZONE 1
#define ZO_FINISH_ZONE 2
#define ZO_OPEN_ZONE 3
#define ZO_RESET_WRITE_POINTER 4
#define READ_KEYS 0
#define READ_RESERVATION 1
#define REPORT_CAPABILITES 2
#define READ_FULL_STATUS 3
#define XDREAD_32 3
#define XDWRITE_32 4
#define XPWRITE_32 6
#define XDWRITEREAD_32 7
#define READ_32 9
#define VERIFY_32 0xa
#define WRITE_32 0xb
#define WRITE_VERIFY_32 0xc
#define WRITE_SAME_32 0xd
#define ATA_32 0x1ff0
#define ATA_16 0x85
#define ATA_12 0xa1
#define VENDOR_SPECIFIC_CDB 0xc0
#define SCSI_MAX_VARLEN_CDB_SIZE 260
#define SAM_STAT_GOOD 0
#define SAM_STAT_CHECK_CONDITION 2
#define SAM_STAT_CONDITION_MET 4
#define SAM_STAT_BUSY 8
#define SAM_STAT_INTERMEDIATE 16
#define SAM_STAT_INTERMEDIATE_CONDITION_MET 20
#define SAM_STAT_RESERVATION_CONFLICT 24
#define SAM_STAT_COMMAND_TERMINATED 34
#define SAM_STAT_TASK_SET_FULL 40
#define SAM_STAT_ACA_ACTIVE 48
#define SAM_STAT_TASK_ABORTED 64
#define STATUS_MASK 0xfe
#define NO_SENSE 0
#define RECOVERED_ERROR 1
#define NOT_READY 2
#define MEDIUM_ERROR 3
#define HARDWARE_ERROR 4
#define ILLEGAL_REQUEST 5
#define UNIT_ATTENTION 6
#define DATA_PROTECT 7
#define BLANK_CHECK 8
#define VENDOR_SPECIFIC 9
#define COPY_ABORTED 0xa
#define ABORTED_COMMAND 0xb
#define VOLUME_OVERFLOW 0xd
#define MISCOMPARE 0xe
#define COMPLETED 0xf
#define NO_ADDITIONAL_SENSE 0
#define OVERLAP_ATOMIC_COMMAND_ASC 0
#define LOGICAL_UNIT_NOT_READY 4
#define LOGICAL_UNIT_COMMUNICATION_FAILURE 8
#define WRITE_ERROR_ASC 0xc
#define UNRECOVERED_READ_ERR 0x11
#define PARAMETER_LIST_LENGTH_ERR 0x1a
#define MISCOMPARE_VERIFY_ASC 0x1d
#define INVALID_OPCODE 0x20
#define LBA_OUT_OF_RANGE 0x21
#define INVALID_FIELD_IN_CDB 0x24
#define INVALID_FIELD_IN_PARAM_LIST 0x26
#define WRITE_PROTECTED 0x27
#define UA_READY_ASC 0x28
#define UA_RESET_ASC 0x29
#define UA_CHANGED_ASC 0x2a
#define TOO_MANY_IN_PARTITION_ASC 0x3b
#define TARGET_CHANGED_ASC 0x3f
#define SAVING_PARAMS_UNSUP 0x39
#define TRANSPORT_PROBLEM 0x4b
#define INSUFF_RES_ASC 0x55
#define LOW_POWER_COND_ON 0x5e
#define THRESHOLD_EXCEEDED 0x5d
#define POWER_ON_RESET_ASCQ 0
#define MODE_CHANGED_ASCQ 1
#define FILEMARK_DETECTED_ASCQ 1
#define POWER_ON_OCCURRED_ASCQ 1
#define MICROCODE_CHANGED_ASCQ 1
#define BUS_RESET_ASCQ 2
#define EOP_EOM_DETECTED_ASCQ 2
#define INSUFF_RES_ASCQ 3
#define BEGINNING_OF_P_M_DETECTED_ASCQ 4
#define UNALIGNED_WRITE_ASCQ 4
#define EOD_DETECTED_ASCQ 5
#define WRITE_BOUNDARY_ASCQ 5
#define READ_INVDATA_ASCQ 6
#define READ_BOUNDARY_ASCQ 7
#define CAPACITY_CHANGED_ASCQ 9
#define ATTEMPT_ACCESS_GAP 9
#define LUNS_CHANGED_ASCQ 0xe
#define INSUFF_ZONE_ASCQ 0xe
#define MICROCODE_CHANGED_WO_RESET_ASCQ 0x16
#define OVERLAP_ATOMIC_COMMAND_ASCQ 0x23
#define TYPE_DISK 0
#define TYPE_TAPE 1
#define TYPE_PRINTER 2
#define TYPE_PROCESSOR 3
#define TYPE_WORM 4
#define TYPE_ROM 5
#define TYPE_SCANNER 6
#define TYPE_MOD 7
#define TYPE_MEDIUM_CHANGER 8
#define TYPE_COMM 9
#define TYPE_RAID 0xc
#define TYPE_ENCLOSURE 0xd
#define TYPE_RBC 0xe
#define TYPE_OSD 0x11
#define TYPE_ZBC 0x14
#define TYPE_WLUN 0x1e
#define TYPE_NO_LUN 0x7f
#define SCSI_SUPPORT_NO_INFO 0
#define SCSI_SUPPORT_NOT_SUPPORTED 1
#define SCSI_SUPPORT_FULL 3
#define SCSI_SUPPORT_VENDOR 5
#define SCSI_CONTROL_MASK 0
#define SCSI_GROUP_NUMBER_MASK 0
#define COMMAND_COMPLETE 0
#define EXTENDED_MESSAGE 1
#define SAVE_POINTERS 2
#define RESTORE_POINTERS 3
#define DISCONNECT 4
#define INITIATOR_ERROR 5
#define ABORT_TASK_SET 6
#define MESSAGE_REJECT 7
#define NOP 8
#define MSG_PARITY_ERROR 9
#define LINKED_CMD_COMPLETE 10
#define LINKED_FLG_CMD_COMPLETE 11
#define TARGET_RESET 12
#define ABORT_TASK 13
#define CLEAR_TASK_SET 14
#define INITIATE_RECOVERY 15
#define RELEASE_RECOVERY 16
#define TERMINATE_IO_PROC 17
#define CLEAR_ACA 22
#define LOGICAL_UNIT_RESET 23
#define SIMPLE_QUEUE_TAG 32
#define HEAD_OF_QUEUE_TAG 33
#define ORDERED_QUEUE_TAG 34
#define IGNORE_WIDE_RESIDUE 35
#define ACA 36
#define QAS_REQUEST 85
#define BUS_DEVICE_RESET 12
#define ABORT 6
#define DID_OK 0
#define DID_NO_CONNECT 1
#define DID_BUS_BUSY 2
#define DID_TIME_OUT 3
#define DID_BAD_TARGET 4
#define DID_ABORT 5
#define DID_PARITY 6
#define DID_ERROR 7
#define DID_RESET 8
#define DID_BAD_INTR 9
#define DID_PASSTHROUGH 10
#define DID_SOFT_ERROR 11
#define DID_IMM_RETRY 12
#define DID_REQUEUE 13
#define DID_TRANSPORT_DISRUPTED 14
#define DID_TRANSPORT_FAILFAST 15
#define DID_TRANSPORT_MARGINAL 20
#define SCSI_DEFAULT_EH_TIMEOUT 2500
#define SCSI_MAX_PROT_SG_SEGMENTS 0xffff
#define SCAN_WILD_CARD (-1)
#define SCSI_W_LUN_BASE 0xc100
#define SCSI_W_LUN_REPORT_LUNS 49409
#define SCSI_W_LUN_ACCESS_CONTROL 49410
#define SCSI_W_LUN_TARGET_LOG_PAGE 49411
#define EXTENDED_MODIFY_DATA_POINTER 0
#define EXTENDED_SDTR 1
#define EXTENDED_EXTENDED_IDENTIFY 2
#define EXTENDED_WDTR 3
#define EXTENDED_PPR 4
#define EXTENDED_MODIFY_BIDI_DATA_PTR 5
#define NEEDS_RETRY 8193
#define SUCCESS 8194
#define FAILED 8195
#define QUEUED 8196
#define SOFT_ERROR 8197
#define ADD_TO_MLQUEUE 8198
#define TIMEOUT_ERROR 8199
#define SCSI_RETURN_NOT_HANDLED 8200
#define FAST_IO_FAIL 8201
#define SCSI_MLQUEUE_HOST_BUSY 0x1055
#define SCSI_MLQUEUE_DEVICE_BUSY 0x1056
#define SCSI_MLQUEUE_EH_RETRY 0x1057
#define SCSI_MLQUEUE_TARGET_BUSY 0x1058
#define IDENTIFY_BASE 0x80
#define SCSI_UNKNOWN 0
#define SCSI_1 1
#define SCSI_1_CCS 2
#define SCSI_2 3
#define SCSI_3 4
#define SCSI_SPC_2 5
#define SCSI_SPC_3 6
#define SCSI_SPC_4 7
#define SCSI_SPC_5 8
#define SCSI_SPC_6 14
#define SCSI_INQ_PQ_CON 0
#define SCSI_INQ_PQ_NOT_CON 1
#define SCSI_INQ_PQ_NOT_CAP 3
#define SCSI_IOCTL_GET_IDLUN 0x5382
#define SCSI_IOCTL_PROBE_HOST 0x5385
#define SCSI_IOCTL_GET_BUS_NUMBER 0x5386
#define SCSI_IOCTL_GET_PCI 0x5387

//? version < 6.13
#define BIO_RESET_BYTES 106UL

//? version < 6.2
#define BLK_STS_ZONE_OPEN_RESOURCE 15
#define BLK_STS_ZONE_ACTIVE_RESOURCE 16
#define BLK_STS_OFFLINE 17
#define REQ_NOUNMAP 0x8000000U
#define REQ_POLLED 0x800000U
#define REQ_ALLOC_CACHE 0x1000000U
#define REQ_DRV 0x4000000U
#define REQ_SWAP 0x2000000U
#define RQF_STARTED 2U
#define RQF_FLUSH_SEQ 0x10U
#define RQF_MIXED_MERGE 0x20U
#define RQF_DONTPREP 0x80U
#define RQF_FAILED 0x400U
#define RQF_QUIET 0x800U
#define RQF_IO_STAT 0x2000U
#define RQF_PM 0x8000U
#define RQF_HASHED 0x10000U
#define RQF_STATS 0x20000U
#define RQF_SPECIAL_PAYLOAD 0x40000U
#define RQF_TIMED_OUT 0x200000U
#define RQF_RESV 0x800000U
#define RQF_NOMERGE_FLAGS 0x4001aU
#define QUEUE_FLAG_DYING 1
#define QUEUE_FLAG_NOMERGES 3
#define QUEUE_FLAG_SAME_COMP 4
#define QUEUE_FLAG_FAIL_IO 5
#define QUEUE_FLAG_NOXMERGES 9
#define QUEUE_FLAG_SAME_FORCE 12
#define QUEUE_FLAG_INIT_DONE 14
#define QUEUE_FLAG_STATS 20
#define QUEUE_FLAG_REGISTERED 22
#define QUEUE_FLAG_QUIESCED 24
#define QUEUE_FLAG_RQ_ALLOC_TIME 27
#define QUEUE_FLAG_HCTX_ACTIVE 28
#define QUEUE_FLAG_SQ_SCHED 30
#define QUEUE_FLAG_MQ_DEFAULT 0x20000090UL

//? version >= 6.12
#define BLK_STS_ZONE_OPEN_RESOURCE 14
#define BLK_STS_ZONE_ACTIVE_RESOURCE 15
#define BLK_STS_OFFLINE 16
#define REQ_NOUNMAP 0x10000000U
#define REQ_POLLED 0x400000U
#define REQ_ALLOC_CACHE 0x800000U
#define REQ_DRV 0x2000000U
#define REQ_SWAP 0x1000000U
#define RQF_STARTED 1U
#define RQF_FLUSH_SEQ 2U
#define RQF_MIXED_MERGE 4U
#define RQF_DONTPREP 8U
#define RQF_FAILED 0x40U
#define RQF_QUIET 0x80U
#define RQF_IO_STAT 0x100U
#define RQF_PM 0x200U
#define RQF_HASHED 0x400U
#define RQF_STATS 0x800U
#define RQF_SPECIAL_PAYLOAD 0x1000U
#define RQF_TIMED_OUT 0x4000U
#define RQF_RESV 0x8000U
#define RQF_NOMERGE_FLAGS 0x1003U
#define QUEUE_FLAG_MQ_DEFAULT 4UL

//? version >= 7.3
#define BIO_RESET_BYTES 122UL

static __always_inline unsigned int bcc4j_request_flags(const struct request *_rq)
{
	unsigned int _flags = 0;
	bcc4j_kernel_read(&_flags, sizeof(_flags), &_rq->cmd_flags);
	return _flags;
}

static __always_inline unsigned int req_op(const struct request *_rq)
{
	return bcc4j_request_flags(_rq) & 255;
}

static __always_inline int rq_data_dir(const struct request *_rq)
{
	return bcc4j_request_flags(_rq) & 1;
}

static __always_inline unsigned int bio_op(const struct bio *_bio)
{
	unsigned int _flags = 0;
	bcc4j_kernel_read(&_flags, sizeof(_flags), &_bio->bi_opf);
	return _flags & 255;
}

static __always_inline int bio_data_dir(const struct bio *_bio)
{
	return bio_op(_bio) & 1;
}

static __always_inline int op_is_write(unsigned int _op)
{
	return _op & 1;
}

static __always_inline sector_t blk_rq_pos(const struct request *_rq)
{
	sector_t _sector = 0;
	bcc4j_kernel_read(&_sector, sizeof(_sector), &_rq->__sector);
	return _sector;
}

static __always_inline unsigned int blk_rq_bytes(const struct request *_rq)
{
	unsigned int _bytes = 0;
	bcc4j_kernel_read(&_bytes, sizeof(_bytes), &_rq->__data_len);
	return _bytes;
}

static __always_inline unsigned int blk_rq_sectors(const struct request *_rq)
{
	return blk_rq_bytes(_rq) >> 9;
}

//? field request.stats_sectors
static __always_inline unsigned int blk_rq_stats_sectors(const struct request *_rq)
{
	unsigned short _sectors = 0;
	bcc4j_kernel_read(&_sectors, sizeof(_sectors), &_rq->stats_sectors);
	return _sectors;
}

static __always_inline int blk_rq_is_passthrough(const struct request *_rq)
{
	unsigned int _op = req_op(_rq);
	return _op == 34 || _op == 35;
}

static __always_inline unsigned int bio_sectors(const struct bio *_bio)
{
	unsigned int _size = 0;
	bcc4j_kernel_read(&_size, sizeof(_size), &_bio->bi_iter.bi_size);
	return _size >> 9;
}

static __always_inline sector_t bio_end_sector(const struct bio *_bio)
{
	sector_t _sector = 0;
	bcc4j_kernel_read(&_sector, sizeof(_sector), &_bio->bi_iter.bi_sector);
	return _sector + bio_sectors(_bio);
}

static __always_inline dev_t disk_devt(const struct gendisk *_disk)
{
	int _major = 0;
	int _minor = 0;
	bcc4j_kernel_read(&_major, sizeof(_major), &_disk->major);
	bcc4j_kernel_read(&_minor, sizeof(_minor), &_disk->first_minor);
	return MKDEV(_major, _minor);
}
