//! One Windows event in every shape that is read: the same [`WindowsEvent`].

use std::io::Cursor;

use ingest::{Body, Input, InputOptions, Item, ReadOptions, WindowsEvent};

/// The event as Windows writes it. Every other shape holds as much of it as its writer keeps.
const XML: &str = concat!(
    r#"<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><Provider Name="Service Control "#,
    r#"Manager" Guid="{555908d1-a6d7-4695-8e1e-26931d2012f4}" EventSourceName="Service Control Manager"/><EventID "#,
    r#"Qualifiers="16384">7045</EventID><Version>0</Version><Level>4</Level><Task>0</Task><Opcode>0</Opcode><Keywords>"#,
    r#"0x8080000000000000</Keywords><TimeCreated SystemTime="2026-11-21T10:00:01.0000000Z"/><EventRecordID>5120"#,
    r#"</EventRecordID><Correlation ActivityID="{0f0e0d0c-0b0a-4908-8706-050403020100}"/><Execution ProcessID="612" "#,
    r#"ThreadID="4044"/><Channel>System</Channel><Computer>ws01.lab.example</Computer><Security UserID="S-1-5-18"/>"#,
    r#"</System><EventData><Data Name="ServiceName">DemoSvc</Data><Data Name="ImagePath">C:\Windows\Temp\d.exe</Data>"#,
    r#"<Data Name="ServiceType">user mode service</Data><Data Name="StartType">auto start</Data><Data "#,
    r#"Name="AccountName">LocalSystem</Data></EventData></Event>"#,
);

/// A name, the text, and the fields that this shape cannot hold.
const SHAPES: &[(&str, &str, &[&str])] = &[
    (
        "evtx_dump",
        r##"{"Event":{"#attributes":{"xmlns":"http://schemas.microsoft.com/win/2004/08/events/event"},"System":{"Provider":{"#attributes":{"Name":"Service Control Manager","Guid":"{555908d1-a6d7-4695-8e1e-26931d2012f4}"}},"EventID":{"#attributes":{"Qualifiers":16384},"#text":7045},"Version":0,"Level":4,"Task":0,"Opcode":0,"Keywords":"0x8080000000000000","TimeCreated":{"#attributes":{"SystemTime":"2026-11-21T10:00:01.0000000Z"}},"EventRecordID":5120,"Correlation":{"#attributes":{"ActivityID":"0F0E0D0C-0B0A-4908-8706-050403020100"}},"Execution":{"#attributes":{"ProcessID":612,"ThreadID":4044}},"Channel":"System","Computer":"ws01.lab.example","Security":{"#attributes":{"UserID":"S-1-5-18"}}},"EventData":{"ServiceName":"DemoSvc","ImagePath":"C:\\Windows\\Temp\\d.exe","ServiceType":"user mode service","StartType":"auto start","AccountName":"LocalSystem"}}}"##,
        &[],
    ),
    (
        "evtx_dump, separate attributes",
        r#"{"Event":{"System":{"Provider_attributes":{"Name":"Service Control Manager"},"EventID":7045,"EventID_attributes":{"Qualifiers":16384},"Version":0,"Level":4,"Task":0,"Opcode":0,"Keywords":"0x8080000000000000","TimeCreated_attributes":{"SystemTime":"2026-11-21T10:00:01Z"},"EventRecordID":5120,"Correlation_attributes":{"ActivityID":"{0F0E0D0C-0B0A-4908-8706-050403020100}"},"Execution_attributes":{"ProcessID":612,"ThreadID":4044},"Channel":"System","Computer":"ws01.lab.example","Security_attributes":{"UserID":"S-1-5-18"}},"EventData":{"ServiceName":"DemoSvc","ImagePath":"C:\\Windows\\Temp\\d.exe","ServiceType":"user mode service","StartType":"auto start","AccountName":"LocalSystem"}}}"#,
        &[],
    ),
    (
        "converted from XML",
        r##"{"Event":{"@xmlns":"http://schemas.microsoft.com/win/2004/08/events/event","System":{"Provider":{"@Name":"Service Control Manager"},"EventID":{"@Qualifiers":"16384","#text":"7045"},"Version":"0","Level":"4","Task":"0","Opcode":"0","Keywords":"0x8080000000000000","TimeCreated":{"@SystemTime":"2026-11-21 10:00:01.000"},"EventRecordID":"5120","Correlation":{"@ActivityID":"{0f0e0d0c-0b0a-4908-8706-050403020100}"},"Execution":{"@ProcessID":"612","@ThreadID":"4044"},"Channel":"System","Computer":"ws01.lab.example","Security":{"@UserID":"S-1-5-18"}},"EventData":{"Data":[{"@Name":"ServiceName","#text":"DemoSvc"},{"@Name":"ImagePath","#text":"C:\\Windows\\Temp\\d.exe"},{"@Name":"ServiceType","#text":"user mode service"},{"@Name":"StartType","#text":"auto start"},{"@Name":"AccountName","#text":"LocalSystem"}]}}}"##,
        &[],
    ),
    (
        "Winlogbeat",
        r#"{"@timestamp":"2026-11-21T10:00:01.000Z","event":{"code":"7045","kind":"event","provider":"Service Control Manager"},"log":{"level":"information"},"winlog":{"channel":"System","provider_name":"Service Control Manager","event_id":"7045","record_id":5120,"activity_id":"{0f0e0d0c-0b0a-4908-8706-050403020100}","computer_name":"ws01.lab.example","process":{"pid":612,"thread":{"id":4044}},"user":{"identifier":"S-1-5-18","name":"SYSTEM"},"keywords":["Classic"],"opcode":"Info","event_data":{"ServiceName":"DemoSvc","ImagePath":"C:\\Windows\\Temp\\d.exe","ServiceType":"user mode service","StartType":"auto start","AccountName":"LocalSystem"}},"host":{"name":"ws01"}}"#,
        &["qualifiers", "version", "task", "keywords"],
    ),
    (
        "Winlogbeat with dotted keys in an Elasticsearch hit",
        r#"{"_index":"logs","_source":{"@timestamp":"2026-11-21T10:00:01.000Z","event.code":"7045","log.level":"information","winlog.channel":"System","winlog.provider_name":"Service Control Manager","winlog.record_id":"5120","winlog.activity_id":"{0F0E0D0C-0B0A-4908-8706-050403020100}","winlog.computer_name":"ws01.lab.example","winlog.process.pid":612,"winlog.process.thread.id":4044,"winlog.user.identifier":"S-1-5-18","winlog.opcode":"Info","winlog.event_data.ServiceName":"DemoSvc","winlog.event_data.ImagePath":"C:\\Windows\\Temp\\d.exe","winlog.event_data.ServiceType":"user mode service","winlog.event_data.StartType":"auto start","winlog.event_data.AccountName":"LocalSystem"}}"#,
        &["qualifiers", "version", "task", "keywords"],
    ),
    (
        "NXLog",
        r#"{"EventTime":"2026-11-21 10:00:01","Hostname":"ws01.lab.example","Keywords":-9187343239835811840,"EventType":"INFO","SeverityValue":2,"Severity":"INFO","EventID":7045,"SourceName":"Service Control Manager","ProviderGuid":"{555908D1-A6D7-4695-8E1E-26931D2012F4}","Version":0,"Task":0,"OpcodeValue":0,"RecordNumber":5120,"ActivityID":"{0F0E0D0C-0B0A-4908-8706-050403020100}","ProcessID":612,"ThreadID":4044,"Channel":"System","UserID":"S-1-5-18","Opcode":"Info","ServiceName":"DemoSvc","ImagePath":"C:\\Windows\\Temp\\d.exe","ServiceType":"user mode service","StartType":"auto start","AccountName":"LocalSystem","EventReceivedTime":"2026-11-21 10:00:03","SourceModuleName":"in","SourceModuleType":"im_msvistalog"}"#,
        &["qualifiers"],
    ),
    (
        "Security-Datasets",
        r#"{"@timestamp":"2026-11-21T10:00:01.000Z","@version":"1","EventTime":"2026-11-21 05:00:01","Hostname":"ws01.lab.example","host":"wec.lab.example","port":60000,"tags":["mordor"],"Keywords":-9187343239835811840,"EventTypeOrignal":"INFO","EventID":7045,"SourceName":"Service Control Manager","Version":0,"Task":0,"OpcodeValue":0,"RecordNumber":5120,"ActivityID":"{0F0E0D0C-0B0A-4908-8706-050403020100}","ExecutionProcessID":612,"ThreadID":4044,"Channel":"System","UserID":"S-1-5-18","ServiceName":"DemoSvc","ImagePath":"C:\\Windows\\Temp\\d.exe","ServiceType":"user mode service","StartType":"auto start","AccountName":"LocalSystem"}"#,
        &["qualifiers"],
    ),
    (
        "flat in lower case",
        r#"{"timestamp":1795255201,"event_id":"7045","channel":"System","source_name":"Service Control Manager","hostname":"ws01.lab.example","record_number":5120,"level":4,"version":0,"task":0,"opcode":0,"ServiceName":"DemoSvc","ImagePath":"C:\\Windows\\Temp\\d.exe","ServiceType":"user mode service","StartType":"auto start","AccountName":"LocalSystem"}"#,
        &["qualifiers", "keywords", "activity_id", "process_id", "thread_id", "user_sid"],
    ),
    (
        "PowerShell",
        r#"{"Id":7045,"Version":0,"Qualifiers":16384,"Level":4,"Task":0,"Opcode":0,"Keywords":-9187343239835811840,"RecordId":5120,"ProviderName":"Service Control Manager","ProviderId":"555908d1-a6d7-4695-8e1e-26931d2012f4","LogName":"System","ProcessId":612,"ThreadId":4044,"MachineName":"ws01.lab.example","UserId":{"BinaryLength":12,"Value":"S-1-5-18"},"TimeCreated":"\/Date(1795255201000)\/","ActivityId":"0f0e0d0c-0b0a-4908-8706-050403020100","LevelDisplayName":"Information","OpcodeDisplayName":"Info","Properties":[{"Value":"DemoSvc"},{"Value":"C:\\Windows\\Temp\\d.exe"}]}"#,
        &["data"],
    ),
    (
        "Splunk, classic",
        r#"{"preview":false,"lastrow":true,"result":{"_time":"2026-11-21T10:00:01.000+00:00","source":"WinEventLog:System","_raw":"11/21/2026 10:00:01 AM\nLogName=System\nSourceName=Service Control Manager\nEventCode=7045\nEventType=4\nType=Information\nComputerName=ws01.lab.example\nSid=S-1-5-18\nTaskCategory=None\nOpCode=The operation completed successfully.\nRecordNumber=5120\nKeywords=Classic\nMessage=A service was installed in the system.\n\nService Name:  DemoSvc\nService File Name:  C:\\Windows\\Temp\\d.exe\nService Type:  user mode service\nService Start Type:  auto start\nService Account:  LocalSystem"}}"#,
        &[
            "qualifiers",
            "version",
            "level",
            "task",
            "opcode",
            "keywords",
            "activity_id",
            "process_id",
            "thread_id",
            "message",
            "data",
        ],
    ),
];

fn read(text: &str) -> WindowsEvent {
    let stream = Cursor::new(text.as_bytes().to_vec());
    let input = Input::from_stream(stream, &InputOptions::default()).expect("a stream can be listed");
    let items: Vec<Item> = input.files()[0].read(&ReadOptions::default()).collect();
    match <[Item; 1]>::try_from(items) {
        Ok([Item::Event(event)]) => match event.body {
            Body::Windows(event) => *event,
            body => panic!("not a Windows event: {body:?}"),
        },
        items => panic!("not one event: {items:?}"),
    }
}

/// Leaves out what a shape cannot hold.
fn without(mut event: WindowsEvent, fields: &[&str]) -> WindowsEvent {
    for field in fields {
        match *field {
            "qualifiers" => event.qualifiers = None,
            "version" => event.version = None,
            "level" => event.level = None,
            "task" => event.task = None,
            "opcode" => event.opcode = None,
            "keywords" => event.keywords = None,
            "activity_id" => event.activity_id = None,
            "process_id" => event.process_id = None,
            "thread_id" => event.thread_id = None,
            "user_sid" => event.user_sid = None,
            "message" => event.message = None,
            "data" => event.data.clear(),
            field => panic!("no field {field}"),
        }
    }
    event
}

#[test]
fn one_event_in_all_shapes_is_the_same() {
    let expected = read(XML);
    assert_eq!(expected.event_id, 7045);
    for (name, text, missing) in SHAPES {
        assert_eq!(without(read(text), missing), without(expected.clone(), missing), "{name}");
    }
    let xml = serde_json::to_string(XML).expect("text is JSON");
    assert_eq!(read(&format!(r#"{{"preview":false,"result":{{"_raw":{xml},"host":"ws01"}}}}"#)), expected, "Splunk");
}

#[test]
fn data_of_less_exact_shapes_keeps_names_or_order() {
    let splunk = SHAPES.iter().find(|it| it.0 == "Splunk, classic").expect("it is in the table");
    let event = read(splunk.1);
    let pairs: Vec<(&str, &str)> = event.data.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(pairs[..2], [("Service Name", "DemoSvc"), ("Service File Name", r"C:\Windows\Temp\d.exe")]);
    assert_eq!(event.keywords, Some(0x80_0000_0000_0000));
    let powershell = SHAPES.iter().find(|it| it.0 == "PowerShell").expect("it is in the table");
    assert_eq!(read(powershell.1).data[0], ("param1".to_owned(), "DemoSvc".to_owned()));
}

#[test]
fn providers_have_their_own_names_also_when_splunk_names_them() {
    for (channel, id, shipped, own) in [
        ("System", 7045, "Microsoft-Windows-Service Control Manager", "Service Control Manager"),
        ("Security", 4688, "Microsoft Windows security auditing.", "Microsoft-Windows-Security-Auditing"),
        ("System", 1, "Microsoft-Windows-Power-Troubleshooter", "Microsoft-Windows-Power-Troubleshooter"),
    ] {
        let head = format!("LogName={channel}\\nSourceName={shipped}\\nEventCode={id}");
        let event = read(&format!(r#"{{"result":{{"_raw":"11/21/2026 10:00:01 AM\n{head}\nMessage=Text"}}}}"#));
        assert_eq!((event.provider.as_str(), event.event_id), (own, id));
    }
}
