"""The invented provider 星河信息: customers, projects, services and configuration items.

Every name is invented for the demo. The people who work in it are in `staff`.
"""

from dataclasses import dataclass

from genyin.demo.text import Text

PROVIDER = Text("星河信息", "Xinghe IT")
TIME_ZONE = "Asia/Shanghai"


@dataclass(frozen=True)
class Customer:
    key: str
    name: Text
    english_share: float
    """Share of this customer's calls that are written down in English."""


@dataclass(frozen=True)
class Project:
    key: str
    name: Text
    customer: str


@dataclass(frozen=True)
class Service:
    key: str
    name: Text
    customer: str
    project: str
    category: str
    """One of the procedure's three: hardware, software, server."""
    availability_target: float
    """Per cent of the month."""
    team: str
    owner: str
    """Username of the default problem owner."""


@dataclass(frozen=True)
class Item:
    """A configuration item."""

    code: str
    name: Text
    service: str
    site: Text


CUSTOMERS = (
    Customer("yunling", Text("云岭一院", "Yunling Hospital"), 0.06),
    Customer("donggang", Text("东港物流", "Donggang Logistics"), 0.5),
    Customer("binjiang", Text("滨江政务", "Binjiang Government Services"), 0.1),
)

PROJECTS = (
    Project("YL-INFRA", Text("云岭一院系统集成与基础设施运维", "Yunling infrastructure"), "yunling"),
    Project("YL-APP", Text("云岭一院医疗软件运维", "Yunling clinical software"), "yunling"),
    Project("DG-SCM", Text("东港物流供应链软件运维", "Donggang supply-chain software"), "donggang"),
    Project("DG-OFFICE", Text("东港物流办公平台运维", "Donggang office platform"), "donggang"),
    Project("BJ-CLOUD", Text("滨江政务云平台运维", "Binjiang government cloud"), "binjiang"),
)

SERVICES = (
    Service(
        "yl-network",
        Text("医院核心网络", "Hospital network"),
        "yunling",
        "YL-INFRA",
        "hardware",
        99.95,
        "network",
        "network1",
    ),
    Service(
        "yl-his",
        Text("医院信息系统 HIS", "Hospital information system (HIS)"),
        "yunling",
        "YL-APP",
        "software",
        99.9,
        "application",
        "database1",
    ),
    Service(
        "yl-desktop",
        Text("终端与打印", "Desktops and printing"),
        "yunling",
        "YL-INFRA",
        "hardware",
        99.0,
        "desktop",
        "desktop1",
    ),
    Service(
        "dg-wms",
        Text("仓储管理系统 WMS", "Warehouse management (WMS)"),
        "donggang",
        "DG-SCM",
        "software",
        99.8,
        "application",
        "wms1",
    ),
    Service(
        "dg-erp",
        Text("企业资源计划 ERP", "Enterprise resource planning (ERP)"),
        "donggang",
        "DG-SCM",
        "software",
        99.5,
        "application",
        "erp1",
    ),
    Service(
        "dg-mail",
        Text("企业邮件", "Corporate mail"),
        "donggang",
        "DG-OFFICE",
        "software",
        99.5,
        "platform",
        "mail1",
    ),
    Service(
        "bj-cloud",
        Text("政务云平台", "Government cloud"),
        "binjiang",
        "BJ-CLOUD",
        "server",
        99.9,
        "platform",
        "virtual1",
    ),
    Service(
        "bj-remote",
        Text("远程接入与视频会议", "Remote access and video meetings"),
        "binjiang",
        "BJ-CLOUD",
        "software",
        99.0,
        "network",
        "network2",
    ),
)

_CLINIC = Text("门诊楼", "Outpatient building")
_WARD = Text("住院楼", "Inpatient building")
_LABS = Text("医技楼", "Diagnostics building")
_YL_ROOM = Text("云岭一院机房", "Yunling data centre")
_DG_ONE = Text("东港一期仓库", "Donggang warehouse 1")
_DG_TWO = Text("东港二期仓库", "Donggang warehouse 2")
_DG_OFFICE = Text("东港总部", "Donggang head office")
_BJ_ROOM = Text("滨江政务云机房", "Binjiang cloud data centre")
_BJ_HALL = Text("滨江政务服务大厅", "Binjiang service hall")
_BJ_STREET = Text("滨江街道分会场", "Binjiang district meeting rooms")

ITEMS = (
    Item("SW-CORE-01", Text("核心交换机一", "Core switch 1"), "yl-network", _YL_ROOM),
    Item("SW-CORE-02", Text("核心交换机二", "Core switch 2"), "yl-network", _YL_ROOM),
    Item("SW-ACC-M3", Text("门诊三楼接入交换机", "Outpatient floor 3 access switch"), "yl-network", _CLINIC),
    Item("SW-ACC-Z7", Text("住院七楼接入交换机", "Inpatient floor 7 access switch"), "yl-network", _WARD),
    Item("AC-WLAN-01", Text("无线控制器", "Wireless controller"), "yl-network", _YL_ROOM),
    Item("DHCP-YL-01", Text("地址分配服务器", "DHCP server"), "yl-network", _YL_ROOM),
    Item("FW-YL-01", Text("出口防火墙", "Internet firewall"), "yl-network", _YL_ROOM),
    Item("HIS-DB-01", Text("HIS 数据库主库", "HIS database, primary"), "yl-his", _YL_ROOM),
    Item("HIS-DB-02", Text("HIS 数据库备库", "HIS database, standby"), "yl-his", _YL_ROOM),
    Item("HIS-APP-01", Text("HIS 应用服务器一", "HIS application server 1"), "yl-his", _YL_ROOM),
    Item("HIS-APP-02", Text("HIS 应用服务器二", "HIS application server 2"), "yl-his", _YL_ROOM),
    Item("YB-GW-01", Text("医保前置机", "Insurance gateway"), "yl-his", _YL_ROOM),
    Item("LIS-IF-01", Text("检验接口服务器", "Laboratory interface server"), "yl-his", _LABS),
    Item("PRT-MZ-12", Text("门诊处方打印机", "Outpatient prescription printer"), "yl-desktop", _CLINIC),
    Item("LBL-ZY-05", Text("住院腕带打印机", "Ward wristband printer"), "yl-desktop", _WARD),
    Item("KIOSK-MZ-03", Text("门诊自助机", "Outpatient kiosk"), "yl-desktop", _CLINIC),
    Item("AD-YL-01", Text("域控制器", "Domain controller"), "yl-desktop", _YL_ROOM),
    Item("PRTSRV-01", Text("打印服务器", "Print server"), "yl-desktop", _YL_ROOM),
    Item("WMS-APP-01", Text("WMS 应用服务器一", "WMS application server 1"), "dg-wms", _DG_OFFICE),
    Item("WMS-DB-01", Text("WMS 数据库", "WMS database"), "dg-wms", _DG_OFFICE),
    Item("WMS-MQ-01", Text("WMS 消息队列", "WMS message queue"), "dg-wms", _DG_OFFICE),
    Item("AP-CK1-08", Text("一期库区无线接入点", "Warehouse 1 access point"), "dg-wms", _DG_ONE),
    Item("AP-CK2-03", Text("二期库区无线接入点", "Warehouse 2 access point"), "dg-wms", _DG_TWO),
    Item("PLC-CK2-01", Text("二期输送线控制器", "Warehouse 2 conveyor controller"), "dg-wms", _DG_TWO),
    Item("ERP-APP-01", Text("ERP 应用服务器", "ERP application server"), "dg-erp", _DG_OFFICE),
    Item("ERP-DB-01", Text("ERP 数据库", "ERP database"), "dg-erp", _DG_OFFICE),
    Item("ERP-RPT-01", Text("ERP 报表服务器", "ERP report server"), "dg-erp", _DG_OFFICE),
    Item("TAX-GW-01", Text("电子发票网关", "E-invoice gateway"), "dg-erp", _DG_OFFICE),
    Item("MAIL-GW-01", Text("邮件网关", "Mail gateway"), "dg-mail", _DG_OFFICE),
    Item("MAIL-GW-02", Text("邮件网关（备）", "Mail gateway, standby"), "dg-mail", _DG_OFFICE),
    Item("MAIL-MBX-01", Text("邮箱服务器", "Mailbox server"), "dg-mail", _DG_OFFICE),
    Item("VM-CLU-01", Text("虚拟化集群", "Virtualisation cluster"), "bj-cloud", _BJ_ROOM),
    Item("STOR-BJ-01", Text("集中存储一", "Storage array 1"), "bj-cloud", _BJ_ROOM),
    Item("BAK-BJ-01", Text("备份服务器", "Backup server"), "bj-cloud", _BJ_ROOM),
    Item("LB-BJ-01", Text("负载均衡", "Load balancer"), "bj-cloud", _BJ_ROOM),
    Item("PORTAL-WEB-02", Text("门户应用服务器二", "Portal web server 2"), "bj-cloud", _BJ_ROOM),
    Item("UPS-BJ-02", Text("机房 UPS 二", "Data-centre UPS 2"), "bj-cloud", _BJ_ROOM),
    Item("VPN-BJ-01", Text("VPN 网关", "VPN gateway"), "bj-remote", _BJ_ROOM),
    Item("RADIUS-01", Text("认证服务器", "RADIUS server"), "bj-remote", _BJ_ROOM),
    Item("MCU-BJ-01", Text("视频会议服务器", "Video conference server"), "bj-remote", _BJ_HALL),
    Item("VC-JD-06", Text("街道分会场终端", "District meeting-room terminal"), "bj-remote", _BJ_STREET),
)


def service(key: str) -> Service:
    return next(s for s in SERVICES if s.key == key)


def customer(key: str) -> Customer:
    return next(c for c in CUSTOMERS if c.key == key)


def item(code: str) -> Item:
    return next(i for i in ITEMS if i.code == code)


def customer_of(service_key: str) -> Customer:
    return customer(service(service_key).customer)
