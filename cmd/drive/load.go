package main
import ("bremen/network";"bremen/network/tables";"bremen/network/iotable";"context")
func load(p string) *network.Network { var n *network.Network; var err error
 if iotable.Folder(p) { n,_,err=iotable.OpenNetwork(context.Background(),p) } else { n,err=tables.Read(p) }
 if err!=nil {panic(err)}; return n }
