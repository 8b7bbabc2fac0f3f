"""The people of the demo: one role-like name for everybody, addresses at example.com."""

from dataclasses import dataclass

from genyin.demo.text import Text


@dataclass(frozen=True)
class Team:
    key: str
    name: Text


@dataclass(frozen=True)
class Person:
    username: str
    name: Text
    roles: tuple[str, ...]
    team: str
    services: tuple[str, ...] = ()
    """Services the person sees; empty means all of the provider's."""
    customer: str = ""
    """Set for people of a customer: they see nothing of the others."""

    @property
    def mail(self) -> str:
        return f"{self.username}@example.com"


TEAMS = (
    Team("desk", Text("服务台", "Service desk")),
    Team("network", Text("网络组", "Network team")),
    Team("application", Text("应用组", "Application team")),
    Team("platform", Text("平台组", "Platform team")),
    Team("desktop", Text("桌面组", "Desktop team")),
    Team("management", Text("服务管理组", "Service management")),
)

YUNLING = ("yl-network", "yl-his", "yl-desktop")
DONGGANG = ("dg-wms", "dg-erp", "dg-mail")
BINJIANG = ("bj-cloud", "bj-remote")

PEOPLE = (
    Person("lead", Text("服务管理负责人一", "Service-management lead 1"), ("lead",), "management"),
    Person("lead2", Text("服务管理负责人二", "Service-management lead 2"), ("lead",), "management"),
    Person("deputy", Text("服务管理代理", "Service-management deputy"), ("first_line",), "management"),
    Person("group1", Text("IT服务管理小组成员一", "IT service management group 1"), ("management",), "management"),
    Person("group2", Text("IT服务管理小组成员二", "IT service management group 2"), ("management",), "management"),
    Person("desk1", Text("一线支持一", "First line 1"), ("first_line",), "desk", YUNLING),
    Person("desk2", Text("一线支持二", "First line 2"), ("first_line",), "desk", DONGGANG),
    Person("desk3", Text("一线支持三", "First line 3"), ("first_line",), "desk"),
    Person("network1", Text("网络工程师一", "Network engineer 1"), ("owner", "analyst"), "network"),
    Person("network2", Text("网络工程师二", "Network engineer 2"), ("owner", "analyst"), "network"),
    Person("database1", Text("数据库工程师一", "Database engineer 1"), ("owner", "analyst"), "application"),
    Person("his1", Text("HIS 工程师一", "HIS engineer 1"), ("owner", "analyst"), "application", YUNLING),
    Person("wms1", Text("WMS 工程师一", "WMS engineer 1"), ("owner", "analyst"), "application", DONGGANG),
    Person("erp1", Text("ERP 顾问一", "ERP consultant 1"), ("owner", "analyst"), "application", DONGGANG),
    Person("mail1", Text("邮件工程师一", "Mail engineer 1"), ("owner", "analyst"), "platform", DONGGANG),
    Person("virtual1", Text("虚拟化工程师一", "Virtualisation engineer 1"), ("owner", "analyst"), "platform"),
    Person("desktop1", Text("桌面工程师一", "Desktop engineer 1"), ("owner", "analyst"), "desktop"),
    Person("storage1", Text("存储工程师一", "Storage engineer 1"), ("analyst",), "platform"),
    Person("security1", Text("安全工程师一", "Security engineer 1"), ("analyst",), "network"),
    Person("wireless1", Text("无线工程师一", "Wireless engineer 1"), ("analyst",), "network"),
    Person(
        "rep-yunling", Text("客户代表·云岭一院", "Customer rep, Yunling"), ("representative",), "", YUNLING, "yunling"
    ),
    Person(
        "rep-donggang",
        Text("客户代表·东港物流", "Customer rep, Donggang"),
        ("representative",),
        "",
        DONGGANG,
        "donggang",
    ),
    Person(
        "rep-binjiang",
        Text("客户代表·滨江政务", "Customer rep, Binjiang"),
        ("representative",),
        "",
        BINJIANG,
        "binjiang",
    ),
    Person("admin", Text("系统管理员", "Administrator"), ("administrator",), ""),
    Person("auditor", Text("审计员", "Auditor"), ("auditor",), ""),
)


def person(username: str) -> Person:
    return next(p for p in PEOPLE if p.username == username)
